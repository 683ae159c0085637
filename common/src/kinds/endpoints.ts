/** Endpoints (core/v1): the older, single-object form of a Service's addresses; EndpointSlices have taken over. */
import { type FieldError, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { ipErrors } from '#common/api/ipAddress.ts';
import { dns1123LabelErrors, dns1123SubdomainErrors, portNumberErrors, qualifiedNameErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { firstFew } from './columnText.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { endpointIpErrors } from './validation/endpointIp.ts';
import { transportProtocols } from './validation/service.ts';
import { oneOf, problemsAt } from './validation/values.ts';

const subsetsPath = FieldPath.of('subsets');

export const Endpoints = defineKind<api.Endpoints>({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  shortNames: ['ep'],
  namespaced: true,
  hasGeneration: false,
  createOnUpdate: true,
  applyDefaults(endpoints) {
    for (const subset of endpoints.subsets ?? []) for (const port of subset.ports ?? []) port.protocol ||= 'TCP';
  },
  validate,
  columns: [nameColumn, textColumn('Endpoints', addressesText), ageColumn],
  references: [
    { type: 'object', path: 'subsets[].addresses[].targetRef' },
    { type: 'name', path: 'subsets[].addresses[].nodeName', to: { group: '', kind: 'Node' } },
  ],
});

function validate(endpoints: api.Endpoints): FieldError[] {
  const errors: FieldError[] = [];
  endpoints.subsets?.forEach((subset, i) => {
    const path = subsetsPath.index(i);
    const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
    if (!addresses.length && !notReadyAddresses.length) {
      errors.push(required(path, 'must specify `addresses` or `notReadyAddresses`'));
    }
    addresses.forEach((address, j) => errors.push(...validateAddress(address, path.child('addresses').index(j))));
    notReadyAddresses.forEach((address, j) => errors.push(...validateAddress(address, path.child('notReadyAddresses').index(j))));
    ports.forEach((port, j) => errors.push(...validatePort(port, ports.length > 1, path.child('ports').index(j))));
  });
  return errors;
}

function validateAddress(address: api.EndpointAddress, path: FieldPath): FieldError[] {
  const { ip = '', hostname, nodeName } = address;
  const errors = problemsAt(path.child('ip'), ip, [...ipErrors(ip), ...endpointIpErrors(ip)]);
  if (hostname) errors.push(...problemsAt(path.child('hostname'), hostname, dns1123LabelErrors(hostname)));
  if (nodeName !== undefined) errors.push(...problemsAt(path.child('nodeName'), nodeName, dns1123SubdomainErrors(nodeName)));
  return errors;
}

function validatePort(port: api.EndpointPort, nameRequired: boolean, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (port.name) errors.push(...problemsAt(path.child('name'), port.name, dns1123LabelErrors(port.name)));
  else if (nameRequired) errors.push(required(path.child('name')));
  errors.push(...problemsAt(path.child('port'), port.port ?? 0, portNumberErrors(port.port ?? 0)));
  if (!port.protocol) errors.push(required(path.child('protocol')));
  else errors.push(...oneOf(path.child('protocol'), port.protocol, transportProtocols));
  if (port.appProtocol !== undefined) {
    errors.push(...problemsAt(path.child('appProtocol'), port.appProtocol, qualifiedNameErrors(port.appProtocol)));
  }
  return errors;
}

function addressesText(endpoints: api.Endpoints): string {
  if (!endpoints.subsets?.length) return '<none>';
  const texts: string[] = [];
  for (const { addresses = [], ports = [] } of endpoints.subsets) {
    if (!ports.length) texts.push(...addresses.map((address) => address.ip));
    for (const port of ports) texts.push(...addresses.map(({ ip }) => `${ip.includes(':') ? `[${ip}]` : ip}:${port.port}`));
  }
  return firstFew(texts);
}
