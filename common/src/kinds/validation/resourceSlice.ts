/** What a ResourceSlice may say, in the order and words of Kubernetes 1.36. */
import { duplicate, type FieldError, invalid, notSupported, required, tooMany } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { cIdentifierErrors, dns1123LabelErrors, dns1123SubdomainErrors, labelKeyErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { validateNodeSelector } from '../podSpec/nodeSelector.ts';
import { goStructure, plain } from './goStructure.ts';
import { immutable, problemsAt } from './values.ts';

const specPath = FieldPath.of('spec');
const maxDevices = 128;
const placements = ['nodeName', 'nodeSelector', 'allNodes', 'perDeviceNodeSelection'] as const;
const taintEffects = ['NoExecute', 'NoSchedule', 'None'];
const attributeShape = [
  plain('IntValue', null, 'int'),
  plain('BoolValue', null, 'bool'),
  plain('StringValue', null, 'string'),
  plain('VersionValue', null, 'version'),
  plain('IntValues', null, 'ints'),
  plain('BoolValues', null, 'bools'),
  plain('StringValues', null, 'strings'),
  plain('VersionValues', null, 'versions'),
];

export function validateSlice(slice: api.ResourceSlice): FieldError[] {
  const spec = slice.spec;
  const errors: FieldError[] = [];
  const driver = spec?.driver ?? '';
  errors.push(...nameErrors(driver, specPath.child('driver')));
  const pool = spec?.pool;
  const poolPath = specPath.child('pool');
  errors.push(...nameErrors(pool?.name ?? '', poolPath.child('name')));
  const count = pool?.resourceSliceCount ?? 0;
  if (count <= 0) errors.push(invalid(poolPath.child('resourceSliceCount'), count, 'must be greater than zero'));
  const generation = pool?.generation ?? 0;
  if (generation < 0) errors.push(invalid(poolPath.child('generation'), generation, 'must be greater than or equal to zero'));
  errors.push(...validatePlacement(spec));
  const devices = spec?.devices ?? [];
  const devicesPath = specPath.child('devices');
  if (devices.length > maxDevices) return [...errors, tooMany(devicesPath, devices.length, maxDevices)];
  const names = new Set<string>();
  devices.forEach((device, i) => {
    const path = devicesPath.index(i);
    errors.push(...validateDevice(device, path));
    if (device.name && names.has(device.name)) errors.push(duplicate(path, device.name));
    names.add(device.name);
  });
  return errors;
}

const nameErrors = (name: string, path: FieldPath): FieldError[] =>
  name ? problemsAt(path, name, dns1123SubdomainErrors(name)) : [required(path)];

/** Exactly one way to say where the devices are. */
function validatePlacement(spec: api.ResourceSliceSpec | undefined): FieldError[] {
  const given = placements.filter((field) => spec?.[field]);
  const oneOfThem = `exactly one of ${placements.map((field) => `\`${field}\``).join(', ')} is required`;
  if (!given.length) return [required(specPath, oneOfThem)];
  if (given.length > 1) {
    const value = `{${given.map((field) => `\`${field}\``).join(', ')}}`;
    return [invalid(specPath, value, `${oneOfThem}, but multiple fields are set`)];
  }
  const errors: FieldError[] = [];
  if (spec?.nodeName)
    errors.push(...problemsAt(specPath.child('nodeName'), spec.nodeName, dns1123SubdomainErrors(spec.nodeName)));
  if (spec?.nodeSelector) {
    const path = specPath.child('nodeSelector');
    const terms = spec.nodeSelector.nodeSelectorTerms ?? [];
    validateNodeSelector(spec.nodeSelector, path, errors);
    if (terms.length !== 1) {
      errors.push(invalid(path.child('nodeSelectorTerms'), terms, 'must have exactly one node selector term'));
    }
  }
  return errors;
}

function validateDevice(device: api.Device, path: FieldPath): FieldError[] {
  const name = device.name ?? '';
  const errors = problemsAt(path.child('name'), name, dns1123LabelErrors(name));
  for (const [key, attribute] of Object.entries(device.attributes ?? {})) {
    errors.push(...validateQualifiedKey(key, path.child('attributes')));
    const values = Object.values(attribute).filter((value) => value !== undefined && value !== null);
    if (values.length === 1) continue;
    const quoted = values.length ? goStructure(attributeShape, attribute) : '';
    errors.push(invalid(path.child('attributes').key(key), quoted, 'exactly one value must be specified'));
  }
  for (const key of Object.keys(device.capacity ?? {})) errors.push(...validateQualifiedKey(key, path.child('capacity')));
  device.taints?.forEach((taint, i) => {
    const at = path.child('taints').index(i);
    const key = taint.key ?? '';
    errors.push(...problemsAt(at.child('key'), key, labelKeyErrors(key)));
    if (!taint.effect) errors.push(required(at.child('effect')));
    else if (!taintEffects.includes(taint.effect)) errors.push(notSupported(at.child('effect'), taint.effect, taintEffects));
  });
  return errors;
}

/** `identifier` or `domain/identifier`. */
function validateQualifiedKey(key: string, path: FieldPath): FieldError[] {
  const slash = key.indexOf('/');
  const [domain, identifier] = slash < 0 ? [undefined, key] : [key.slice(0, slash), key.slice(slash + 1)];
  const errors = domain === undefined ? [] : problemsAt(path, domain, dns1123SubdomainErrors(domain));
  return [...errors, ...problemsAt(path, identifier, cIdentifierErrors(identifier))];
}

export function validateSliceUpdate(slice: api.ResourceSlice, old: api.ResourceSlice): FieldError[] {
  const [spec, before] = [slice.spec, old.spec];
  return [
    ...immutable(specPath.child('driver'), spec?.driver, before?.driver),
    ...immutable(specPath.child('pool', 'name'), spec?.pool?.name, before?.pool?.name),
    ...immutable(specPath.child('nodeName'), spec?.nodeName, before?.nodeName),
  ];
}
