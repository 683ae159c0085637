/** What a volume may say, in the order and words of Kubernetes 1.36. The kinds of storage are in volumeSources.ts. */
import { type FieldError, forbidden, invalid, notSupported, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123SubdomainErrors } from '#common/api/names.ts';
import type { PersistentVolume, PersistentVolumeSpec, VolumeNodeAffinity } from '#common/schema/generated/types.ts';
import { validateNodeSelector } from '../podSpec/nodeSelector.ts';
import { goStructure, nested, plain, type Shape } from './goStructure.ts';
import { validateAccessModes, validateNotNegativeQuantity, validatePositive, volumeModes } from './storage.ts';
import { structureDiff } from './structureDiff.ts';
import { immutable, oneOf, problemsAt, sameValue } from './values.ts';
import { sourceNames, sourceStructure, validateVolumeSource } from './volumeSources.ts';

const specPath = FieldPath.of('spec');

export function validateVolume(volume: PersistentVolume): FieldError[] {
  const spec = volume.spec ?? {};
  const errors: FieldError[] = [];
  const modes = spec.accessModes ?? [];
  if (!modes.length) errors.push(required(specPath.child('accessModes')));
  errors.push(...validateAccessModes(modes, specPath.child('accessModes')), ...validateCapacity(spec.capacity));
  const reclaimPath = specPath.child('persistentVolumeReclaimPolicy');
  if (spec.persistentVolumeReclaimPolicy) {
    errors.push(...oneOf(reclaimPath, spec.persistentVolumeReclaimPolicy, ['Delete', 'Recycle', 'Retain']));
  }
  if (spec.nodeAffinity) errors.push(...validateNodeAffinity(spec.nodeAffinity, specPath.child('nodeAffinity')));
  errors.push(...validateSources(spec, specPath));
  if (spec.persistentVolumeReclaimPolicy === 'Recycle' && /^\/+(\.\/*)*$/.test(spec.hostPath?.path ?? '')) {
    errors.push(forbidden(reclaimPath, "may not be 'recycle' for a hostPath mount of '/'"));
  }
  if (spec.storageClassName) {
    const problems = dns1123SubdomainErrors(spec.storageClassName);
    errors.push(...problemsAt(specPath.child('storageClassName'), spec.storageClassName, problems));
  }
  if (spec.volumeMode !== undefined) errors.push(...oneOf(specPath.child('volumeMode'), spec.volumeMode, volumeModes));
  return [...errors, ...validateAttributesClass(spec)];
}

function validateCapacity(capacity: Readonly<Record<string, string>> | undefined): FieldError[] {
  const errors: FieldError[] = [];
  const path = specPath.child('capacity');
  const names = Object.keys(capacity ?? {});
  if (!names.length) errors.push(required(path));
  if (!capacity?.['storage'] || names.length > 1) errors.push(notSupported(path, capacity, ['storage']));
  const size = capacity?.['storage'];
  if (size !== undefined) {
    errors.push(...validateNotNegativeQuantity(size, path.key('storage')), ...validatePositive(size, path.key('storage')));
  }
  return errors;
}

function validateNodeAffinity(affinity: VolumeNodeAffinity, path: FieldPath): FieldError[] {
  if (!affinity.required) return [required(path.child('required'), 'must specify required node constraints')];
  const errors: FieldError[] = [];
  validateNodeSelector(affinity.required, path.child('required'), errors);
  return errors;
}

/** A volume that an attachment describes by itself, without an object. */
export function validateInlineVolume(spec: PersistentVolumeSpec, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.volumeMode !== undefined && spec.volumeMode !== 'Filesystem') {
    const text = 'may not specify volumeMode other than Filesystem in the context of inline volumes';
    errors.push(forbidden(path.child('volumeMode'), text));
  }
  if (!spec.csi) errors.push(required(path.child('csi'), 'has to be specified in the context of inline volumes'));
  const modes = spec.accessModes ?? [];
  if (!modes.length) errors.push(required(path.child('accessModes')));
  return [...errors, ...validateAccessModes(modes, path.child('accessModes')), ...validateSources(spec, path)];
}

/** Exactly one kind of storage. */
function validateSources(spec: PersistentVolumeSpec, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  let found = false;
  for (const name of sourceNames) {
    if (!spec[name]) continue;
    if (found) errors.push(forbidden(path.child(name), 'may not specify more than 1 volume type'));
    else errors.push(...validateVolumeSource(spec, name, path));
    found = true;
  }
  if (!found) errors.push(required(path, 'must specify a volume type'));
  return errors;
}

function validateAttributesClass(spec: PersistentVolumeSpec): FieldError[] {
  const name = spec.volumeAttributesClassName;
  if (name === undefined) return [];
  const path = specPath.child('volumeAttributesClassName');
  const errors = name ? problemsAt(path, name, dns1123SubdomainErrors(name)) : [required(path, 'an empty string is disallowed')];
  if (!spec.csi) errors.push(required(specPath.child('csi'), 'has to be specified when using volumeAttributesClassName'));
  return errors;
}

const requirementShape: Shape = [plain('Key', ''), plain('Operator', ''), plain('Values')];
const affinityShape: Shape = [
  nested('Required', 'pointer', [
    nested('NodeSelectorTerms', 'list', [
      nested('MatchExpressions', 'list', requirementShape),
      nested('MatchFields', 'list', requirementShape),
    ]),
  ]),
];

export function validateVolumeUpdate(volume: PersistentVolume, old: PersistentVolume): FieldError[] {
  const errors: FieldError[] = [];
  const [before, after] = [sourceStructure(old.spec ?? {}), sourceStructure(volume.spec ?? {})];
  if (!sameValue(before, after)) {
    const text = 'spec.persistentvolumesource is immutable after creation';
    errors.push(forbidden(specPath.child('persistentvolumesource'), `${text}\n${structureDiff(before, after)}`));
  }
  errors.push(...immutable(FieldPath.of('volumeMode'), volume.spec?.volumeMode, old.spec?.volumeMode));
  const affinity = volume.spec?.nodeAffinity;
  if (old.spec?.nodeAffinity && !sameValue(affinity, old.spec.nodeAffinity)) {
    const quoted = affinity ? goStructure(affinityShape, affinity) : null;
    const text = 'field is immutable, except for updating from beta label to GA';
    errors.push(invalid(FieldPath.of('nodeAffinity'), quoted, text));
  }
  return errors;
}
