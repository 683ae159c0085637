/** What the parts of a pod's validation know of the pod around them. */
import type { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Errors } from './fieldRules.ts';

export interface PodContext {
  readonly errors: Errors;
  readonly spec: api.PodSpec;
  /** Where the pod's spec is. */
  readonly path: FieldPath;
  /** The volumes without errors, by name: only those may be mounted. */
  readonly volumes: ReadonlyMap<string, api.Volume>;
  /** The names of the pod's resource claims. */
  readonly claims: ReadonlySet<string>;
}
