/** Taints of a Node. */
import { duplicate, type FieldError, invalid, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { labelKeyErrors, labelValueErrors } from '#common/api/names.ts';
import type { Taint } from '#common/schema/generated/types.ts';
import { oneOf, problemsAt } from './values.ts';

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export function validateTaints(taints: readonly Taint[], path: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return taints.flatMap((taint, i) => {
    const at = path.index(i);
    const { key = '', value = '', effect = '' } = taint;
    const errors = problemsAt(at.child('key'), key, labelKeyErrors(key));
    const problems = labelValueErrors(value);
    if (problems.length) errors.push(invalid(at.child('value'), value, problems.join(';')));
    errors.push(...(effect ? oneOf(at.child('effect'), effect, effects) : [required(at.child('effect'))]));
    const pair = `${key}:${effect}`;
    if (seen.has(pair)) {
      const quoted = { Key: key, Value: value, Effect: effect, TimeAdded: taint.timeAdded ?? null };
      errors.push({ ...duplicate(at, quoted), detail: 'taints must be unique by key and effect pair' });
    }
    seen.add(pair);
    return errors;
  });
}
