/**
 * Keeps VolumeAttributesClasses that volumes or claims name from going: their protection finalizer is removed when none
 * does any more.
 */
import type { KubeObject } from '#common/api/meta.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { VolumeAttributesClass } from '#common/kinds/volumeAttributesClass.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { InformerEvent } from '../client/client.ts';
import { defineController, defineWatch, done } from '../controller/controller.ts';
import { keepFinalizer } from './protectionFinalizer.ts';

const classFinalizer = 'kubernetes.io/vac-protection';
const byClass = 'volume attributes class';

const present = (names: readonly (string | undefined)[]): string[] => [
  ...new Set(names.filter((name): name is string => Boolean(name))),
];

const classesOfVolume = ({ spec }: api.PersistentVolume): string[] => present([spec?.volumeAttributesClassName]);

const classesOfClaim = ({ spec, status }: api.PersistentVolumeClaim): string[] =>
  present([
    spec?.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ]);

/** What the object named and names no more. */
function freed<T extends KubeObject>(event: InformerEvent<T>, classesOf: (object: T) => string[]): string[] {
  const now = event.type === 'deleted' ? [] : classesOf(event.object);
  const before = event.type === 'updated' ? classesOf(event.old) : event.type === 'deleted' ? classesOf(event.object) : [];
  return before.filter((name) => !now.includes(name));
}

const keysOf = (names: readonly string[]): { namespace: string; name: string }[] =>
  names.map((name) => ({ namespace: '', name }));

export const volumeAttributesClassProtectionController = defineController<api.VolumeAttributesClass>({
  name: 'volumeattributesclass-protection-controller',
  writes: [VolumeAttributesClass],
  for: VolumeAttributesClass,
  watches: [
    defineWatch<api.PersistentVolume>({
      kind: PersistentVolume,
      keysFor: (event) => keysOf(freed(event, classesOfVolume)),
    }),
    defineWatch<api.PersistentVolumeClaim>({
      kind: PersistentVolumeClaim,
      keysFor: (event) => keysOf(freed(event, classesOfClaim)),
    }),
  ],
  setup(ctx) {
    ctx.cache.informer(PersistentVolume).addIndex(byClass, classesOfVolume);
    ctx.cache.informer(PersistentVolumeClaim).addIndex(byClass, classesOfClaim);
  },
  async reconcile(ctx, key) {
    const attributes = ctx.cache.get(VolumeAttributesClass, key);
    if (!attributes) return done;
    const used =
      ctx.cache.informer(PersistentVolume).byIndex(byClass, key.name).length > 0 ||
      ctx.cache.informer(PersistentVolumeClaim).byIndex(byClass, key.name).length > 0;
    await keepFinalizer(ctx, VolumeAttributesClass, attributes, classFinalizer, used);
    return done;
  },
});
