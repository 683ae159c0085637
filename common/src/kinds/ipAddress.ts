/** IPAddress (networking.k8s.io/v1): a cluster IP that is taken, named after itself, and who has it. */
import { type FieldError, invalid, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { ipErrors } from '#common/api/ipAddress.ts';
import { dns1123SubdomainErrors, pathSegmentNameErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { goStructure, plain } from './validation/goStructure.ts';
import { immutableText, problemsAt, sameValue } from './validation/values.ts';

const parentPath = FieldPath.of('spec', 'parentRef');
const parentShape = [plain('Group', ''), plain('Resource', ''), plain('Namespace', ''), plain('Name', '')];

export const IPAddress = defineKind<api.IPAddress>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IPAddress',
  plural: 'ipaddresses',
  shortNames: ['ip'],
  namespaced: false,
  hasGeneration: false,
  validateName: (name) => ipErrors(name, { canonical: true }),
  validate(address) {
    const parent = address.spec?.parentRef;
    return parent ? validateParent(parent) : [required(parentPath)];
  },
  validateUpdate(address, old) {
    const parent = address.spec?.parentRef;
    if (sameValue(parent, old.spec?.parentRef)) return [];
    return [invalid(parentPath, parent ? goStructure(parentShape, parent) : null, immutableText)];
  },
  columns: [nameColumn, textColumn('ParentRef', parentText), { ...ageColumn, undeclared: true }],
  references: [{ type: 'object', path: 'spec.parentRef' }],
});

function validateParent(parent: api.ParentReference): FieldError[] {
  const errors: FieldError[] = [];
  if (parent.group) errors.push(...problemsAt(parentPath.child('group'), parent.group, dns1123SubdomainErrors(parent.group)));
  for (const field of ['resource', 'name'] as const) {
    const value = parent[field];
    if (value) errors.push(...problemsAt(parentPath.child(field), value, pathSegmentNameErrors(value)));
    else errors.push(required(parentPath.child(field)));
  }
  const { namespace } = parent;
  if (namespace) errors.push(...problemsAt(parentPath.child('namespace'), namespace, pathSegmentNameErrors(namespace)));
  return errors;
}

function parentText(address: api.IPAddress): string {
  const { group, resource = '', namespace, name = '' } = address.spec?.parentRef ?? { resource: '', name: '' };
  return `${resource}${group ? `.${group}` : ''}/${namespace ? `${namespace}/` : ''}${name}`;
}
