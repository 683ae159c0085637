/**
 * Adds requests and limits to a container that has none: from what its pods use just now, where the cluster measures that (a
 * fifth more is requested), else the amounts that a small service usually gets. The title says which, and why.
 *
 *     image: nginx            →     image: nginx
 *                                   resources:
 *                                     requests: {cpu: 100m, memory: 128Mi}
 *                                     limits: {memory: 256Mi}
 */
import type { UntypedObject } from '#common/api/meta.ts';
import { isJsonObject } from '#common/api/ownProperty.ts';
import { quantityMilli, quantityValue } from '#common/api/quantity.ts';
import { childOf, textOf } from '#common/manifests/nodes.ts';
import { insertField, setField } from '../../edits/insertions.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { CodeAction, InRange } from '../feature.ts';
import { type ContainerPlace, containerPlace, objectPlace } from './actionPlaces.ts';
import { isOnContainer } from './addProbes.ts';

/** Thousandths of a core, and bytes. */
interface Use {
  readonly cpu: number;
  readonly memory: number;
}

const mebibyte = 1024 ** 2;
const usual = { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } };

export const provideAddResources: InRange<readonly CodeAction[]> = async (snapshot, file, range) => {
  const place = containerPlace(objectPlace(snapshot, file, range));
  if (!place || !isOnContainer(place.inside)) return undefined;
  const { container } = place;
  const given = childOf(container, 'resources');
  if (given && !(given.kind === 'scalar' && given.value === null) && !(given.kind === 'map' && given.pairs.length === 0))
    return undefined;
  const { facts, l10n } = snapshot;
  const measured = facts.state === 'live' ? await facts.podUse(place.object.namespace) : undefined;
  snapshot.throwIfStale();
  const use = measured && mostUsed(snapshot, place, measured);
  const resources = use ? amountsFor(use) : usual;
  const edit = given
    ? setField(file, container, 'resources', resources)
    : insertField(file, container, 'resources', resources, behind(place));
  if (!edit) return undefined;
  const title = use
    ? l10n.t('Add resources from live use ({0}m, {1}Mi)', use.cpu, Math.ceil(use.memory / mebibyte))
    : l10n.t(
        facts.state !== 'live'
          ? 'Add resources (usual amounts; no use is known)'
          : measured
            ? 'Add resources (usual amounts; its pods have not been measured yet)'
            : 'Add resources (usual amounts; the cluster measures no use)',
      );
  return [{ title, kind: 'refactor', edits: [edit] }];
};

const behind = ({ container }: ContainerPlace): string => (childOf(container, 'ports') ? 'ports' : 'image');

/** The most that a container of this name uses in any of the pods. */
function mostUsed(
  { facts }: Snapshot,
  { object, podSpec, container }: ContainerPlace,
  measured: readonly UntypedObject[],
): Use | undefined {
  const name = textOf(childOf(container, 'name'));
  const owner = object.owners.find(({ podSpecPath }) => podSpecPath === podSpec);
  const selector = object.links.find((link) => link.type === 'selector' && link.path === 'spec.selector');
  if (!owner || name === undefined) return undefined;
  const pods =
    selector?.type === 'selector'
      ? facts.podsMatching(object.namespace, selector.selector)
      : facts.list({ group: '', kind: 'Pod' }, object.namespace).filter((pod) => pod.metadata.name === object.name);
  const names = new Set(pods.map(({ metadata }) => metadata.name));
  const uses = measured.flatMap(({ metadata, containers }) => {
    if (!names.has(metadata.name) || !Array.isArray(containers)) return [];
    const usage = containers.filter(isJsonObject).find((each) => each['name'] === name)?.['usage'];
    return isJsonObject(usage)
      ? [{ cpu: quantityMilli(textIn(usage['cpu'])), memory: quantityValue(textIn(usage['memory'])) }]
      : [];
  });
  if (uses.length === 0) return undefined;
  return { cpu: Math.ceil(Math.max(...uses.map(({ cpu }) => cpu))), memory: Math.max(...uses.map(({ memory }) => memory)) };
}

const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function amountsFor({ cpu, memory }: Use): unknown {
  const cores = Math.max(10, Math.ceil((cpu * 1.2) / 10) * 10);
  const room = Math.max(16, Math.ceil((memory * 1.2) / mebibyte / 16) * 16);
  return { requests: { cpu: `${cores}m`, memory: `${room}Mi` }, limits: { memory: `${room * 2}Mi` } };
}
