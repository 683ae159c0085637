/** What an EndpointSlice may say. Slices have many endpoints, so paths are built for errors only. */
import { duplicate, type FieldError, invalid, notSupported, required, tooMany } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { ipErrors, parseIp } from '#common/api/ipAddress.ts';
import { dns1123LabelErrors, dns1123SubdomainErrors, labelValueErrors, qualifiedNameErrors } from '#common/api/names.ts';
import type { DiscoveryV1EndpointPort, Endpoint, EndpointHints, EndpointSlice } from '#common/schema/generated/types.ts';
import { endpointIpErrors } from './endpointIp.ts';
import { transportProtocols } from './service.ts';
import { oneOf, problemsAt } from './values.ts';

const addressTypes = ['FQDN', 'IPv4', 'IPv6'];
const maxPorts = 20_000;
const maxEndpoints = 1_000;
const maxAddresses = 100;
const maxHints = 8;
const portsPath = FieldPath.of('ports');
const endpointsPath = FieldPath.of('endpoints');

export function validateEndpointSlice(slice: EndpointSlice): FieldError[] {
  const errors: FieldError[] = [];
  const type = slice.addressType ?? '';
  const typePath = FieldPath.of('addressType');
  if (!type) errors.push(required(typePath));
  else if (!addressTypes.includes(type)) errors.push(notSupported(typePath, type, addressTypes));
  errors.push(...validatePorts(slice.ports ?? []));
  const endpoints = slice.endpoints ?? [];
  if (endpoints.length > maxEndpoints) return [...errors, tooMany(endpointsPath, endpoints.length, maxEndpoints)];
  endpoints.forEach((endpoint, i) => checkEndpoint(endpoint, type, i, errors));
  return errors;
}

function validatePorts(ports: readonly DiscoveryV1EndpointPort[]): FieldError[] {
  if (ports.length > maxPorts) return [tooMany(portsPath, ports.length, maxPorts)];
  const errors: FieldError[] = [];
  const names = new Set<string>();
  ports.forEach(({ name = '', protocol, appProtocol }, i) => {
    const path = portsPath.index(i);
    if (names.has(name)) errors.push(duplicate(path.child('name'), name));
    names.add(name);
    if (name) errors.push(...problemsAt(path.child('name'), name, dns1123LabelErrors(name)));
    if (protocol === undefined) errors.push(required(path.child('protocol')));
    else errors.push(...oneOf(path.child('protocol'), protocol, transportProtocols));
    if (appProtocol !== undefined)
      errors.push(...problemsAt(path.child('appProtocol'), appProtocol, qualifiedNameErrors(appProtocol)));
  });
  return errors;
}

function checkEndpoint(endpoint: Endpoint, type: string, i: number, errors: FieldError[]): void {
  const { nodeName, hostname, hints } = endpoint;
  const addresses = endpoint.addresses ?? [];
  const path = (): FieldPath => endpointsPath.index(i);
  if (!addresses.length) errors.push(required(path().child('addresses'), 'must contain at least 1 address'));
  if (addresses.length > maxAddresses) errors.push(tooMany(path().child('addresses'), addresses.length, maxAddresses));
  else addresses.forEach((address, j) => checkAddress(address, type, path, j, errors));
  if (nodeName !== undefined) {
    const problems = dns1123SubdomainErrors(nodeName);
    if (problems.length) errors.push(...problemsAt(path().child('nodeName'), nodeName, problems));
  }
  if (hostname !== undefined) {
    const problems = dns1123LabelErrors(hostname);
    if (problems.length) errors.push(...problemsAt(path().child('hostname'), hostname, problems));
  }
  if (hints) checkHints(hints, path().child('hints'), errors);
}

function checkAddress(address: string, type: string, path: () => FieldPath, j: number, errors: FieldError[]): void {
  const at = (): FieldPath => path().child('addresses').index(j);
  if (type === 'FQDN') {
    const problems = dns1123SubdomainErrors(address);
    if (problems.length) errors.push(...problemsAt(at(), address, problems));
    return;
  }
  if (type !== 'IPv4' && type !== 'IPv6') return;
  const problems = ipErrors(address, { canonical: true });
  if (problems.length) {
    errors.push(...problemsAt(at(), address, problems));
    return;
  }
  const family = parseIp(address)?.family === 6 ? 'IPv6' : 'IPv4';
  // The message about the family names the list, not the address.
  if (family !== type) errors.push(invalid(path().child('addresses'), address, `must be an ${type} address`));
  const special = endpointIpErrors(address);
  if (special.length) errors.push(...problemsAt(at(), address, special));
}

function checkHints(hints: EndpointHints, path: FieldPath, errors: FieldError[]): void {
  const lists = [
    ['forZones', labelValueErrors],
    ['forNodes', dns1123SubdomainErrors],
  ] as const;
  for (const [list, nameErrors] of lists) {
    const targets = hints[list] ?? [];
    if (targets.length > maxHints) {
      errors.push(tooMany(path.child(list), targets.length, maxHints));
      continue;
    }
    const names = new Set<string>();
    targets.forEach(({ name = '' }, i) => {
      const at = path.child(list).index(i).child('name');
      if (names.has(name)) errors.push(duplicate(at, name));
      names.add(name);
      errors.push(...problemsAt(at, name, nameErrors(name)));
    });
  }
}
