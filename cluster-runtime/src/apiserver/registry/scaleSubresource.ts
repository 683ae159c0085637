/** `/scale`: the one view of replica counts that kubectl and autoscalers use on every scalable kind. */
import { invalid } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { applyJsonPatch } from '#common/api/jsonPatch.ts';
import { applyMergePatch } from '#common/api/mergePatch.ts';
import type { KubeObject, ObjectKey, UntypedObject } from '#common/api/meta.ts';
import { applyPatch } from '#common/api/structuredMerge/applyPatch.ts';
import {
  managedFieldsAfterScale,
  managedFieldsOfScale,
  type ScaledKind,
} from '#common/api/structuredMerge/scaleManagedFields.ts';
import { ApiError, badRequest, invalidObject, notFound, pathNotFound } from '#common/api/status.ts';
import { formatTime } from '#common/api/time.ts';
import { deepClone } from '#common/base/freeze.ts';
import type { ScaleSubresource } from '#common/kinds/defineKind.ts';
import { builtinStruct } from '#common/schema/builtinTypes.ts';
import { decodeObject, DecodeError } from '#common/schema/decode.ts';
import type { Scale } from '#common/schema/generated/types.ts';
import type { ObjectResult, PatchBody, WriteOptions } from './registry.ts';
import type { ResourceDeps } from './resourceDeps.ts';
import { applyConfiguration } from './patchObject.ts';
import { updateObject } from './updateObject.ts';

const scaleKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
const scaleType = () => builtinStruct('io.k8s.api.autoscaling.v1.Scale');

const scaledKind = ({ replicasPath = ['spec', 'replicas'] }: ScaleSubresource<KubeObject>, object: KubeObject): ScaledKind => ({
  apiVersion: object.apiVersion ?? '',
  replicasPath,
});

function scaleStrategy(deps: ResourceDeps): ScaleSubresource<KubeObject> {
  const { scale } = deps.kind.subresources;
  if (!scale) throw pathNotFound();
  return scale;
}

export function scaleOf(strategy: ScaleSubresource<KubeObject>, object: KubeObject): Scale {
  const { name = '', namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = strategy.specReplicas(object);
  const selector = strategy.selectorText(object);
  const managedFields = managedFieldsOfScale(object.metadata.managedFields, scaledKind(strategy, object));
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      ...(uid ? { uid } : {}),
      ...(resourceVersion ? { resourceVersion } : {}),
      ...(creationTimestamp ? { creationTimestamp } : {}),
      ...(managedFields.length > 0 ? { managedFields } : {}),
    },
    spec: replicas ? { replicas } : {},
    status: { replicas: strategy.statusReplicas(object), ...(selector ? { selector } : {}) },
  };
}

export function getScale(deps: ResourceDeps, key: ObjectKey): ObjectResult {
  const strategy = scaleStrategy(deps);
  const entry = deps.store.get(deps.storage.key(key));
  if (!entry) throw notFound(deps.groupResource, key.name);
  const object = deps.storage.read(entry);
  if (strategy.replicasPath && strategy.specReplicas(object) === undefined) {
    const problem = `the spec replicas field ${JSON.stringify(`.${strategy.replicasPath.join('.')}`)} does not exist`;
    throw new ApiError(500, 'InternalError', `Internal error occurred: ${problem}`, { causes: [{ message: problem }] });
  }
  return { object: scaleOf(strategy, object) };
}

export async function updateScale(
  deps: ResourceDeps,
  key: ObjectKey,
  scale: KubeObject,
  options: WriteOptions,
): Promise<ObjectResult> {
  return writeScale(deps, key, () => scale as Scale, options);
}

export async function patchScale(
  deps: ResourceDeps,
  key: ObjectKey,
  body: PatchBody,
  options: WriteOptions,
): Promise<ObjectResult> {
  const { type, patch } = body;
  if (type === 'apply') return applyScale(deps, key, applyConfiguration(scaleKind, key, patch), body.force, options);
  return writeScale(
    deps,
    key,
    (current) => {
      const value =
        type === 'json' ? applyJsonPatch(current, patch) : applyMergePatch(current as unknown as UntypedObject, patch);
      try {
        const { object, warnings } = decodeObject(scaleType(), scaleKind, value, { fieldValidation: options.fieldValidation });
        for (const warning of warnings) options.warn(warning);
        return object as Scale;
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        throw invalidObject('', '', '', [invalid(FieldPath.of('patch'), JSON.stringify(value), error.detail)]);
      }
    },
    options,
  );
}

async function applyScale(
  deps: ResourceDeps,
  key: ObjectKey,
  patch: KubeObject,
  force: boolean,
  options: WriteOptions,
): Promise<ObjectResult> {
  return writeScale(
    deps,
    key,
    (current) =>
      applyPatch({
        type: scaleType(),
        live: current,
        patch,
        manager: options.fieldManager,
        force,
        subresource: 'scale',
        apiVersion: 'autoscaling/v1',
        now: formatTime(deps.clock.now()),
      }).object as unknown as Scale,
    options,
    true,
  );
}

async function writeScale(
  deps: ResourceDeps,
  key: ObjectKey,
  wanted: (current: Scale) => Scale,
  options: WriteOptions,
  applies = false,
): Promise<ObjectResult> {
  const strategy = scaleStrategy(deps);
  const { object } = await updateObject(
    deps,
    key,
    (current) => {
      if (!current) throw notFound(deps.groupResource, key.name);
      const scale = wanted(scaleOf(strategy, current));
      const { name = key.name, namespace = key.namespace, uid, resourceVersion = '' } = scale.metadata ?? {};
      if (name !== key.name)
        throw badRequest(`the name of the object (${name}) does not match the name on the URL (${key.name})`);
      if (namespace !== key.namespace)
        throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
      const replicas = scale.spec?.replicas ?? 0;
      // The kind's own validation speaks of its own field.
      if (replicas < 0 && !strategy.replicasPath) {
        throw invalidObject('autoscaling', 'Scale', name, [
          invalid(FieldPath.of('spec', 'replicas'), replicas, 'must be greater than or equal to 0'),
        ]);
      }
      const next = deepClone(current);
      strategy.setSpecReplicas(next, replicas);
      next.metadata.resourceVersion = resourceVersion;
      if (uid) next.metadata.uid = uid;
      if (applies)
        next.metadata.managedFields = managedFieldsAfterScale(
          current.metadata.managedFields,
          scale.metadata?.managedFields,
          scaledKind(strategy, current),
        );
      return { object: next, managed: applies };
    },
    { subresource: 'scale', createMissing: false, fromPatch: false },
    options,
  );
  return { object: scaleOf(strategy, object) };
}
