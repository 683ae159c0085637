/** ServiceCIDR (networking.k8s.io/v1): a range from which cluster IPs are taken, one per IP family. */
import { type FieldError, invalid, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { cidrErrors, parseCidr } from '#common/api/ipAddress.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { immutableText, problemsAt } from './validation/values.ts';

const cidrsPath = FieldPath.of('spec', 'cidrs');

export const ServiceCIDR = defineKind<api.ServiceCIDR>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'ServiceCIDR',
  plural: 'servicecidrs',
  namespaced: false,
  subresources: { status: true },
  hasGeneration: false,
  prepareForCreate(range) {
    range.status = {};
  },
  prepareForUpdate(range, old) {
    if (old.status) range.status = old.status;
    else delete range.status;
  },
  prepareForStatusUpdate(range, old) {
    if (old.spec) range.spec = old.spec;
  },
  validate,
  validateUpdate,
  columns: [nameColumn, textColumn('CIDRs', (range) => (range.spec?.cidrs ?? []).join(',')), ageColumn],
});

function validate(range: api.ServiceCIDR): FieldError[] {
  const cidrs = range.spec?.cidrs ?? [];
  if (!cidrs.length) return [required(cidrsPath, 'at least one CIDR required')];
  if (cidrs.length > 2) return [invalid(cidrsPath, { CIDRs: cidrs }, 'may only hold up to 2 values')];
  const errors = cidrs.flatMap((cidr, i) => problemsAt(cidrsPath.index(i), cidr, cidrErrors(cidr, { canonical: true })));
  if (cidrs.length === 2 && parseCidr(cidrs[0] ?? '')?.family === parseCidr(cidrs[1] ?? '')?.family) {
    const text = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64';
    errors.push(invalid(cidrsPath, cidrs, text));
  }
  return errors;
}

/** A second family may come, or go; what stays, stays the same. */
function validateUpdate(range: api.ServiceCIDR, old: api.ServiceCIDR): FieldError[] {
  const cidrs = range.spec?.cidrs ?? [];
  const before = old.spec?.cidrs ?? [];
  if (!cidrs.length && before.length) return [invalid(cidrsPath, range.spec?.cidrs, immutableText)];
  return before.flatMap((cidr, i) =>
    cidrs[i] === undefined || cidrs[i] === cidr ? [] : [invalid(cidrsPath.index(i), cidrs[i], immutableText)],
  );
}
