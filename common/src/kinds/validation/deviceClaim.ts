/**
 * Requests for devices, in claims and templates, in the order and words of Kubernetes 1.36.
 * Differs from Kubernetes: CEL selectors are only checked for being there; compile errors show up when devices are chosen.
 */
import { duplicate, type FieldError, invalid, notSupported, required, tooMany } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { cIdentifierErrors, dns1123LabelErrors, dns1123SubdomainErrors, labelKeyErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { nested, plain, type Shape } from './goStructure.ts';
import { oneOf, problemsAt } from './values.ts';

export const maxSelectors = 32;
const maxRequests = 32;
const anyOneField = 'exactly one of `exactly` or `firstAvailable` is required';
const requestName = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

export function validateDeviceClaim(claim: api.DeviceClaim | undefined, path: FieldPath): FieldError[] {
  const requests = claim?.requests ?? [];
  const errors: FieldError[] = [];
  const requestsPath = path.child('requests');
  if (requests.length > maxRequests) return [tooMany(requestsPath, requests.length, maxRequests)];
  const known = new Set<string>();
  requests.forEach((request, i) => {
    const at = requestsPath.index(i);
    errors.push(...validateRequest(request, at));
    if (request.name && known.has(request.name)) errors.push(duplicate(at, request.name));
    known.add(request.name);
    for (const sub of request.firstAvailable ?? []) known.add(`${request.name}/${sub.name}`);
  });
  claim?.constraints?.forEach((constraint, i) =>
    errors.push(...validateConstraint(constraint, known, path.child('constraints').index(i))),
  );
  claim?.config?.forEach((config, i) => {
    const at = path.child('config').index(i);
    errors.push(
      ...validateRequestNames(config.requests, known, at.child('requests')),
      ...validateDeviceConfiguration(config.opaque, at),
    );
  });
  return errors;
}

function validateRequest(request: api.DeviceRequest, path: FieldPath): FieldError[] {
  const { name = '', exactly, firstAvailable = [] } = request;
  const errors = problemsAt(path.child('name'), name, dns1123LabelErrors(name));
  if (exactly && firstAvailable.length) {
    return [...errors, invalid(path, null, `${anyOneField}, but multiple fields are set`)];
  }
  if (!exactly && !firstAvailable.length) return [...errors, required(path, anyOneField)];
  if (exactly) errors.push(...validateDevices(exactly, path.child('exactly')));
  const names = new Set<string>();
  firstAvailable.forEach((sub, i) => {
    const at = path.child('firstAvailable').index(i);
    const subName = sub.name ?? '';
    errors.push(...problemsAt(at.child('name'), subName, dns1123LabelErrors(subName)), ...validateDevices(sub, at));
    if (subName && names.has(subName)) errors.push(duplicate(at, subName));
    names.add(subName);
  });
  return errors;
}

function validateDevices(request: api.ExactDeviceRequest | api.DeviceSubRequest, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const className = request.deviceClassName;
  const classPath = path.child('deviceClassName');
  errors.push(...(className ? problemsAt(classPath, className, dns1123SubdomainErrors(className)) : [required(classPath)]));
  errors.push(...validateSelectors(request.selectors, path.child('selectors')));
  const { allocationMode = '', count } = request;
  const countPath = path.child('count');
  if (allocationMode === 'All') {
    if (count) errors.push(invalid(countPath, count, "must not be specified when allocationMode is 'All'"));
  } else if (allocationMode === 'ExactCount') {
    if ((count ?? 0) <= 0) errors.push(invalid(countPath, count ?? 0, 'must be greater than zero'));
  } else {
    errors.push(notSupported(path.child('allocationMode'), allocationMode, ['All', 'ExactCount']));
  }
  request.tolerations?.forEach((toleration, i) =>
    errors.push(...validateToleration(toleration, path.child('tolerations').index(i))),
  );
  return errors;
}

function validateToleration(toleration: api.DeviceToleration, path: FieldPath): FieldError[] {
  const { key, operator = '', value, effect } = toleration;
  const errors = key ? problemsAt(path.child('key'), key, labelKeyErrors(key)) : [];
  errors.push(...oneOf(path.child('operator'), operator, ['Equal', 'Exists']));
  if (operator === 'Exists' && value) errors.push(invalid(path.child('value'), value, 'must be empty for operator `Exists`'));
  if (effect) errors.push(...oneOf(path.child('effect'), effect, ['NoExecute', 'NoSchedule']));
  return errors;
}

export function validateSelectors(selectors: readonly api.DeviceSelector[] | undefined, path: FieldPath): FieldError[] {
  if (!selectors) return [];
  if (selectors.length > maxSelectors) return [tooMany(path, selectors.length, maxSelectors)];
  return selectors.flatMap((selector, i) => (selector.cel ? [] : [required(path.index(i).child('cel'))]));
}

function validateConstraint(constraint: api.DeviceConstraint, known: ReadonlySet<string>, path: FieldPath): FieldError[] {
  const errors = validateRequestNames(constraint.requests, known, path.child('requests'));
  const attribute = constraint.matchAttribute;
  if (attribute === undefined) {
    // The sentence is Kubernetes' own, wrong end included.
    const text = 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set';
    return constraint.distinctAttribute === undefined ? [...errors, required(path, text)] : errors;
  }
  return [...errors, ...validateFullyQualified(attribute, path.child('matchAttribute'))];
}

/** `domain/identifier`. */
function validateFullyQualified(name: string, path: FieldPath): FieldError[] {
  const slash = name.indexOf('/');
  if (slash < 0) return [invalid(path, name, 'a fully qualified name must be a domain and a name separated by a slash')];
  const [domain, identifier] = [name.slice(0, slash), name.slice(slash + 1)];
  return [
    ...problemsAt(path, domain, dns1123SubdomainErrors(domain)),
    ...problemsAt(path, identifier, cIdentifierErrors(identifier)),
  ];
}

function validateRequestNames(names: readonly string[] | undefined, known: ReadonlySet<string>, path: FieldPath): FieldError[] {
  return (names ?? []).flatMap((name, i, all) => {
    if (all.indexOf(name) < i) return [duplicate(path.index(i), name)];
    return known.has(name) ? [] : [invalid(path.index(i), name, requestName)];
  });
}

/** What is handed to a device's driver as it is. */
export function validateDeviceConfiguration(opaque: api.OpaqueDeviceConfiguration | undefined, parent: FieldPath): FieldError[] {
  const path = parent.child('opaque');
  if (!opaque) return [required(path)];
  const driver = opaque.driver ?? '';
  const driverPath = path.child('driver');
  const errors = driver ? problemsAt(driverPath, driver, dns1123SubdomainErrors(driver)) : [required(driverPath)];
  if (opaque.parameters === undefined || opaque.parameters === null) errors.push(required(path.child('parameters')));
  return errors;
}

/** Changes `claim`. */
export function defaultDeviceClaim(claim: api.DeviceClaim | undefined): void {
  for (const request of claim?.requests ?? []) {
    for (const devices of [...(request.exactly ? [request.exactly] : []), ...(request.firstAvailable ?? [])]) {
      devices.allocationMode ||= 'ExactCount';
      if (devices.allocationMode === 'ExactCount') devices.count ||= 1;
      for (const toleration of devices.tolerations ?? []) toleration.operator ||= 'Equal';
    }
  }
}

const devicesShape: Shape = [plain('DeviceClassName', ''), plain('Selectors'), plain('AllocationMode', ''), plain('Count', 0)];
const tolerationsAndCapacity: Shape = [plain('Tolerations'), plain('Capacity')];

/** A claim's spec as messages quote it. */
export const claimSpecShape: Shape = [
  nested('Devices', 'value', [
    nested('Requests', 'list', [
      plain('Name', ''),
      nested('Exactly', 'pointer', [...devicesShape, plain('AdminAccess'), ...tolerationsAndCapacity]),
      nested('FirstAvailable', 'list', [plain('Name', ''), ...devicesShape, ...tolerationsAndCapacity]),
    ]),
    plain('Constraints'),
    plain('Config'),
  ]),
];
