/** Who owns which field after a write: the managedFields of updates and applies, with what each endpoint may write. */
import { apiVersionOf } from '#common/api/groupVersion.ts';
import type { KubeObject, ManagedFieldsEntry } from '#common/api/meta.ts';
import { type ApplyResult, applyPatch } from '#common/api/structuredMerge/applyPatch.ts';
import { type FieldSet, fieldSetOfPaths } from '#common/api/structuredMerge/fieldSet.ts';
import { updateManagedFields } from '#common/api/structuredMerge/updateManagedFields.ts';
import { formatTime } from '#common/api/time.ts';
import type { ObjectSubresource, WriteOptions } from './registry.ts';
import type { ResourceDeps } from './resourceDeps.ts';

const status = fieldSetOfPaths(['status']);
const spec = fieldSetOfPaths(['spec']);

/** What a request to this endpoint cannot change, so that nobody comes to own it through it. */
function resetFields(deps: ResourceDeps, subresource: ObjectSubresource | undefined): { resetFields?: FieldSet } {
  if (subresource === 'status') return { resetFields: spec };
  return !subresource && deps.kind.subresources.status ? { resetFields: status } : {};
}

/** Notes in `object` who manages it after a create (`live` undefined), an update or a patch that is no apply. */
export function noteManager(
  deps: ResourceDeps,
  object: KubeObject,
  live: KubeObject | undefined,
  options: WriteOptions,
  subresource?: ObjectSubresource,
): void {
  const entries: ManagedFieldsEntry[] = updateManagedFields({
    type: deps.type,
    live,
    updated: object,
    manager: options.fieldManager,
    subresource: subresource ?? '',
    apiVersion: apiVersionOf(deps.kind),
    now: formatTime(deps.clock.now()),
    ...resetFields(deps, subresource),
  });
  if (entries.length > 0) object.metadata.managedFields = entries;
  else delete object.metadata.managedFields;
}

/** Merges an apply configuration. Throws ApiError: conflicts, fields that the kind does not have. */
export const mergeApplied = (
  deps: ResourceDeps,
  live: KubeObject | undefined,
  patch: object,
  force: boolean,
  options: WriteOptions,
  subresource: ObjectSubresource | undefined,
): ApplyResult =>
  applyPatch({
    type: deps.type,
    live,
    patch,
    manager: options.fieldManager,
    force,
    subresource: subresource ?? '',
    apiVersion: apiVersionOf(deps.kind),
    now: formatTime(deps.clock.now()),
    ...resetFields(deps, subresource),
  });
