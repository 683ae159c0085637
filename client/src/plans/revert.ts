/**
 * How the last apply is taken back: what it created goes, in reverse order; what it changed gets back what its manager had
 * applied before, and where the apply had taken fields from others, their values under their owners' names. What was deleted
 * because it had gone from its file is applied again as it had been applied.
 */
import { inApplyOrder } from '#common/api/applyOrder.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { isJsonObject, type JsonObject, setOwn } from '#common/api/ownProperty.ts';
import { deepEqual } from '#common/base/freeze.ts';
import { appliedPart } from '../apply/fieldOwners.ts';
import { neatObject } from './neatObject.ts';

/** What an apply did to one object; in the order in which it was done. */
export interface AppliedChange {
  /** Undefined when the apply created it. */
  readonly before: KubeObject | undefined;
  /** Undefined when it was deleted. */
  readonly after: KubeObject | undefined;
}

export interface Revert {
  /** Deleted; only while they are still the same objects. */
  readonly remove: readonly KubeObject[];
  /** Made again, what others need first. */
  readonly recreate: readonly Recreate[];
  readonly restore: readonly Restore[];
}

export interface Recreate {
  readonly object: KubeObject;
  readonly applied: JsonObject;
}

export interface Restore {
  readonly object: KubeObject;
  /** Applied by the same manager instead of what it applied last. */
  readonly applied: JsonObject;
  /** The object as it was, to compare with. */
  readonly before: KubeObject;
  /** Whose the fields were that the apply took over. */
  readonly formerOwner: string | undefined;
}

export function planRevert(changes: readonly AppliedChange[], manager: string): Revert {
  const backwards = changes.toReversed();
  return {
    remove: backwards.flatMap(({ before, after }) => (after && !before ? [after] : [])),
    recreate: inApplyOrder(
      changes.flatMap(({ before, after }) => (before && !after ? [before] : [])),
      ({ kind = '' }) => kind,
    ).map((object) => ({ object, applied: appliedPart(object, manager) ?? neatObject(object) })),
    restore: backwards.flatMap(({ before, after }) =>
      before && after
        ? [
            {
              object: after,
              applied: appliedPart(before, manager) ?? identityOf(after),
              before,
              formerOwner: loserOf(before, after),
            },
          ]
        : [],
    ),
  };
}

const identityOf = ({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): JsonObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace ? { namespace } : {}) },
});

/** The manager that had other fields before the apply than after it; it takes nothing from the others. */
function loserOf(before: KubeObject, after: KubeObject): string | undefined {
  const later = after.metadata.managedFields ?? [];
  return before.metadata.managedFields?.find(
    (entry) =>
      entry.operation === 'Update' &&
      // What tells the state is never applied; what was scaled is.
      entry.subresource !== 'status' &&
      !later.some(
        (each) =>
          each.manager === entry.manager &&
          each.operation === 'Update' &&
          each.subresource === entry.subresource &&
          deepEqual(each.fieldsV1, entry.fieldsV1),
      ),
  )?.manager;
}

/** The merge patch that makes `now` what `before` was, apart from what the server keeps; undefined where they are the same. */
export function patchBack(now: KubeObject, before: KubeObject): JsonObject | undefined {
  const patch = difference(neatObject(now), neatObject(before));
  return Object.keys(patch).length > 0 ? patch : undefined;
}

function difference(now: JsonObject, wanted: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const key of new Set([...Object.keys(now), ...Object.keys(wanted)])) {
    const [a, b] = [now[key], wanted[key]];
    if (deepEqual(a, b)) continue;
    setOwn(patch, key, isJsonObject(a) && isJsonObject(b) ? difference(a, b) : (b ?? null));
  }
  return patch;
}
