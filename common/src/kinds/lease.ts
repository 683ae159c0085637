/** Lease (coordination.k8s.io/v1): who holds something, and until when. Renewed every few seconds by every node. */
import { type FieldError, invalid } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { notNegativeText } from './validation/values.ts';

const specPath = FieldPath.of('spec');

export const Lease = defineKind<api.Lease>({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  hasGeneration: false,
  createOnUpdate: true,
  unconditionalUpdate: false,
  prepareForCreate: dropElectionFields,
  prepareForUpdate: dropElectionFields,
  validate({ spec }) {
    const errors: FieldError[] = [];
    const duration = spec?.leaseDurationSeconds;
    if (duration !== undefined && duration <= 0) {
      errors.push(invalid(specPath.child('leaseDurationSeconds'), duration, 'must be greater than 0'));
    }
    const transitions = spec?.leaseTransitions;
    if (transitions !== undefined && transitions < 0) {
      errors.push(invalid(specPath.child('leaseTransitions'), transitions, notNegativeText));
    }
    return errors;
  },
  columns: [nameColumn, textColumn('Holder', (lease) => lease.spec?.holderIdentity ?? ''), ageColumn],
});

/** Coordinated leader election is off by default in 1.36: its fields are accepted and forgotten. */
function dropElectionFields(lease: api.Lease): void {
  if (lease.spec?.strategy === undefined && lease.spec?.preferredHolder === undefined) return;
  const { strategy: _strategy, preferredHolder: _preferredHolder, ...spec } = lease.spec;
  lease.spec = spec;
}
