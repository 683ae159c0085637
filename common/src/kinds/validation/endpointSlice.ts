/** What an EndpointSlice may say. Slices have many endpoints, so paths are built for errors only. */
import { duplicate, type FieldError, invalid, notSupported, required, tooMany } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { ipErrors, parseIp } from '#common/api/ipAddress.ts';
import { dns1123LabelErrors, dns1123SubdomainErrors, labelValueErrors, qualifiedNameErrors } from '#common/api/names.ts';
import type { DiscoveryV1EndpointPort, Endpoint, EndpointHints, EndpointSlice } from '#common/schema/generated/types.ts';
import { endpointIpErrors } from './endpointIp.ts';
import { remembered } from './remembered.ts';
import { transportProtocols } from './service.ts';
import { oneOf, problemsAt } from './values.ts';

const addressTypes = ['FQDN', 'IPv4', 'IPv6'];
const maxPorts = 20_000;
const maxEndpoints = 1_000;
const maxAddresses = 100;
const maxHints = 8;
const portsPath = FieldPath.of('ports');
const endpointsPath = FieldPath.of('endpoints');
const isNodeName = remembered((name) => dns1123SubdomainErrors(name));

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
    if (!isNodeName(nodeName)) errors.push(...problemsAt(path().child('nodeName'), nodeName, dns1123SubdomainErrors(nodeName)));
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
  if (type === 'IPv4' && isOrdinaryIpv4(address)) return;
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

/** Canonical and in no special range, seen without building anything: what nearly all addresses of a cluster are. */
function isOrdinaryIpv4(text: string): boolean {
  let octets = 1;
  let value = 0;
  let digits = 0;
  let first = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46) {
      if (digits === 0) return false;
      if (octets === 1) first = value;
      octets++;
      value = 0;
      digits = 0;
    } else if (code >= 48 && code <= 57) {
      if (digits > 0 && value === 0) return false;
      value = value * 10 + code - 48;
      digits++;
      if (value > 255) return false;
    } else return false;
  }
  // Loopback, link-local and multicast addresses, and 0.0.0.0, are looked at more closely.
  return octets === 4 && digits > 0 && first > 0 && first !== 127 && first !== 169 && first < 224;
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
