/** Ephemeral containers can be added to a pod, never changed or taken away. */
import { type FieldError, forbidden } from '#common/api/fieldError.ts';
import type * as api from '#common/schema/generated/types.ts';
import { internalForm, internalLines } from '../podSpec/internalForm.ts';
import { unifiedDiff } from '../podSpec/lineDiff.ts';
import { sameValue } from '../validation/values.ts';
import { specPath } from './validation.ts';

export function validateEphemeralContainersUpdate(pod: api.Pod, old: api.Pod): FieldError[] {
  const errors: FieldError[] = [];
  const containers = pod.spec?.ephemeralContainers ?? [];
  for (const before of old.spec?.ephemeralContainers ?? []) {
    const after = containers.find((container) => container.name === before.name);
    if (!after) {
      errors.push(refused(`${JSON.stringify(before.name)} may not be removed\n`));
    } else if (!sameValue(after, before)) {
      const difference = unifiedDiff(linesOf(before), linesOf(after));
      errors.push(refused(`${JSON.stringify(before.name)} may not be changed\n${difference}`));
    }
  }
  return errors;
}

const refused = (what: string): FieldError =>
  forbidden(specPath.child('ephemeralContainers'), `existing ephemeral containers ${what}`);

const linesOf = (container: api.EphemeralContainer): string[] => internalLines(internalForm('EphemeralContainer', container));
