/** The rules for events that both versions share, on the core form. */
import { type FieldError, invalid, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { byteLength, qualifiedNameErrors } from '#common/api/names.ts';
import type { Event } from '#common/schema/generated/types.ts';
import { problemsAt } from './values.ts';

const maxNameLength = 128;
const maxMessageLength = 1024;
const namespacePath = FieldPath.of('involvedObject', 'namespace');

/**
 * Events about cluster-scoped objects are in `default`. Events of the older kind (without `eventTime`) need nothing
 * else; the newer kind needs to say who reports what. `reporterPath` is how the version calls the reporter.
 */
export function validateEventBasics(event: Event, reporterPath: FieldPath): FieldError[] {
  const { namespace = '' } = event.metadata;
  const about = event.involvedObject?.namespace ?? '';
  const homeless = event.eventTime ? ['default', 'kube-system'] : ['default'];
  const errors: FieldError[] = [];
  if (about ? about !== namespace : !homeless.includes(namespace)) {
    errors.push(invalid(namespacePath, about, 'does not match event.namespace'));
  }
  if (!event.eventTime) return errors;
  const reporter = event.reportingComponent ?? '';
  if (!reporter) errors.push(required(reporterPath));
  errors.push(...problemsAt(reporterPath, reporter, qualifiedNameErrors(reporter)));
  errors.push(...shortText('reportingInstance', event.reportingInstance), ...shortText('action', event.action));
  errors.push(...shortText('reason', event.reason));
  if (byteLength(event.message ?? '') > maxMessageLength) {
    errors.push(invalid(FieldPath.of('message'), '', `can have at most ${maxMessageLength} characters`));
  }
  return errors;
}

function shortText(field: string, value = ''): FieldError[] {
  if (!value) return [required(FieldPath.of(field))];
  if (byteLength(value) <= maxNameLength) return [];
  return [invalid(FieldPath.of(field), '', `can have at most ${maxNameLength} characters`)];
}
