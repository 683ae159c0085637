/** Namespace (core/v1). `spec.finalizers` hold it while its content is deleted; only `/finalize` may change them. */
import { type FieldError, invalid } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { qualifiedNameErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { labelName } from './validation/objectNames.ts';
import { problemsAt } from './validation/values.ts';

const nameLabel = 'kubernetes.io/metadata.name';
const finalizersPath = FieldPath.of('spec', 'finalizers');

export const Namespace = defineKind<api.Namespace>({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  namespaced: false,
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: { status: true },
  hasGeneration: false,
  deleteAnswersObject: true,
  validateName: labelName,
  deletion: {
    holds: (namespace) => Boolean(namespace.spec?.finalizers?.length),
    mark: (namespace) => ({ ...namespace, status: { ...namespace.status, phase: 'Terminating' } }),
  },
  applyDefaults: labelWithName,
  prepareForCreate(namespace) {
    labelWithName(namespace);
    const finalizers = namespace.spec?.finalizers ?? [];
    namespace.spec = { finalizers: finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'] };
    namespace.status = { phase: 'Active' };
  },
  prepareForUpdate(namespace, old) {
    if (old.spec?.finalizers) namespace.spec = { finalizers: old.spec.finalizers };
    if (old.status) namespace.status = old.status;
    else delete namespace.status;
  },
  prepareForStatusUpdate(namespace, old) {
    if (old.spec) namespace.spec = old.spec;
  },
  validate,
  validateStatusUpdate,
  selectableFieldNames: ['status.phase'],
  selectableFields: (namespace) => ({ 'status.phase': namespace.status?.phase ?? '' }),
  columns: [nameColumn, textColumn('Status', (namespace) => namespace.status?.phase ?? ''), ageColumn],
});

/** Lets selectors find a namespace by its name. */
function labelWithName(namespace: api.Namespace): void {
  const { metadata } = namespace;
  if (metadata.name && metadata.labels?.[nameLabel] !== metadata.name) {
    metadata.labels = { ...metadata.labels, [nameLabel]: metadata.name };
  }
}

/** Problems of the finalizers in a namespace's spec. */
function validate(namespace: api.Namespace): FieldError[] {
  return (namespace.spec?.finalizers ?? []).flatMap((finalizer) => {
    const errors = problemsAt(finalizersPath, finalizer, qualifiedNameErrors(finalizer));
    if (!finalizer.includes('/') && finalizer !== 'kubernetes') {
      const text = 'name is neither a standard finalizer name nor is it fully qualified';
      errors.push(invalid(finalizersPath, finalizer, text));
    }
    return errors;
  });
}

function validateStatusUpdate(namespace: api.Namespace): FieldError[] {
  const path = FieldPath.of('status', 'Phase');
  const phase = namespace.status?.phase ?? '';
  if (!namespace.metadata.deletionTimestamp) {
    return phase === 'Active' ? [] : [invalid(path, phase, "may only be 'Active' if `deletionTimestamp` is empty")];
  }
  return phase === 'Terminating' ? [] : [invalid(path, phase, "may only be 'Terminating' if `deletionTimestamp` is not empty")];
}
