/** Validation of a pod's volumes: their names, and that each has exactly one source. Sources are in volumeSources.ts and beside it. */
import { duplicate, forbidden, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123LabelErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { legacySources } from './legacyVolumeSources.ts';
import { addFieldProblems, type Errors } from './fieldRules.ts';
import { type SourceValidator, currentSources } from './volumeSources.ts';

/** In Kubernetes' order: of several sources the first is validated, the others are one too many. */
const sourceNames = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
] as const;

type SourceName = (typeof sourceNames)[number];
const validators: Readonly<Record<SourceName, SourceValidator>> = { ...legacySources, ...currentSources };

/** Gives the volumes without errors, by name: the others count as missing where they are mounted. */
export function validateVolumes(
  volumes: readonly api.Volume[],
  podMeta: api.ObjectMeta,
  path: FieldPath,
  errors: Errors,
): Map<string, api.Volume> {
  const valid = new Map<string, api.Volume>();
  volumes.forEach((volume, i) => {
    const before = errors.length;
    const at = path.index(i);
    validateSources(volume, podMeta, at, errors);
    if (!volume.name) errors.push(required(at.child('name')));
    else addFieldProblems(volume.name, dns1123LabelErrors(volume.name), at, 'name', errors);
    if (valid.has(volume.name)) errors.push(duplicate(at.child('name'), volume.name));
    if (errors.length === before) valid.set(volume.name, volume);
  });
  return valid;
}

function validateSources(volume: api.Volume, podMeta: api.ObjectMeta, path: FieldPath, errors: Errors): void {
  const [first, ...others] = sourcesOf(volume);
  if (!first) return;
  validators[first](volume[first] as never, { path: path.child(first), parent: path, volume, podMeta, errors });
  for (const name of others) errors.push(forbidden(path.child(name), 'may not specify more than 1 volume type'));
}

/** Every field but the name is a source; nearly always there is one. */
function sourcesOf(volume: api.Volume): SourceName[] {
  const found: SourceName[] = [];
  for (const field in volume) {
    if (field !== 'name' && volume[field as SourceName] && Object.hasOwn(validators, field)) found.push(field as SourceName);
  }
  return found.length > 1 ? sourceNames.filter((name) => found.includes(name)) : found;
}
