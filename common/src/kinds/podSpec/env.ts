/** A container's environment: variables, where their values come from, and whole ConfigMaps or Secrets. */
import { invalid, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { configMapKeyErrors, dns1123SubdomainErrors, envVarNameErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { validateFieldRef, validateResourceFieldRef } from './downwardReferences.ts';
import { addFieldProblems, checkSubdomain, descendingPathProblems, type Errors } from './fieldRules.ts';

const envFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

export function validateEnv(env: readonly api.EnvVar[], path: FieldPath, errors: Errors): void {
  for (let i = 0; i < env.length; i++) {
    const variable = env[i] as api.EnvVar;
    if (!variable.name) {
      errors.push(required(path.index(i).child('name')));
    } else {
      const problems = envVarNameErrors(variable.name);
      if (problems.length) addFieldProblems(variable.name, problems, path.index(i), 'name', errors);
    }
    if (variable.valueFrom) validateSource(variable, variable.valueFrom, path.index(i).child('valueFrom'), errors);
  }
}

function validateSource(variable: api.EnvVar, source: api.EnvVarSource, path: FieldPath, errors: Errors): void {
  let sources = 0;
  if (source.fieldRef) {
    sources++;
    validateFieldRef(source.fieldRef, envFields, path.child('fieldRef'), errors);
  }
  if (source.resourceFieldRef) {
    sources++;
    validateResourceFieldRef(source.resourceFieldRef, false, path.child('resourceFieldRef'), errors);
  }
  if (source.configMapKeyRef) {
    sources++;
    validateKeyRef(source.configMapKeyRef, path.child('configMapKeyRef'), errors);
  }
  if (source.secretKeyRef) {
    sources++;
    validateKeyRef(source.secretKeyRef, path.child('secretKeyRef'), errors);
  }
  if (source.fileKeyRef) {
    sources++;
    validateFileKeyRef(source.fileKeyRef, path.child('fileKeyRef'), errors);
  }
  if (variable.value) {
    if (sources) errors.push(invalid(path, '', 'may not be specified when `value` is not empty'));
  } else if (sources > 1) {
    errors.push(invalid(path, '', 'may not have more than one field specified at a time'));
  }
  if (!sources) {
    const text = 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
    errors.push(invalid(path, '', text));
  }
}

function validateKeyRef(ref: { name?: string; key: string }, path: FieldPath, errors: Errors): void {
  addFieldProblems(ref.name ?? '', dns1123SubdomainErrors(ref.name ?? ''), path, 'name', errors);
  validateKey(ref.key, path, errors);
}

function validateKey(key: string, path: FieldPath, errors: Errors): void {
  if (!key) errors.push(required(path.child('key')));
  else addFieldProblems(key, configMapKeyErrors(key), path, 'key', errors);
}

function validateFileKeyRef(ref: api.FileKeySelector, path: FieldPath, errors: Errors): void {
  if (!ref.key) errors.push(required(path.child('key')));
  if (!ref.volumeName) errors.push(required(path.child('volumeName')));
  if (!ref.path) errors.push(required(path.child('path')));
  else addFieldProblems(ref.path, descendingPathProblems(ref.path), path, 'path', errors);
}

export function validateEnvFrom(sources: readonly api.EnvFromSource[], path: FieldPath, errors: Errors): void {
  sources.forEach((source, i) => {
    const at = path.index(i);
    if (source.prefix) addFieldProblems(source.prefix, envVarNameErrors(source.prefix), at, 'prefix', errors);
    if (source.configMapRef) validateNameRef(source.configMapRef, at.child('configMapRef'), errors);
    if (source.secretRef) validateNameRef(source.secretRef, at.child('secretRef'), errors);
    if (!source.configMapRef && !source.secretRef) {
      errors.push(invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'));
    } else if (source.configMapRef && source.secretRef) {
      errors.push(invalid(path, '', 'may not have more than one field specified at a time'));
    }
  });
}

function validateNameRef(ref: { name?: string }, path: FieldPath, errors: Errors): void {
  if (!ref.name) errors.push(required(path.child('name')));
  else checkSubdomain(ref.name, path, 'name', errors);
}

/** File references name volumes, which are known to be emptyDirs only when the whole pod is. */
export function validateFileKeyVolumes(spec: api.PodSpec, path: FieldPath, errors: Errors): void {
  const check = (containers: readonly api.Container[] | undefined, field: string): void =>
    containers?.forEach((container, i) =>
      container.env?.forEach((variable, j) => {
        const ref = variable.valueFrom?.fileKeyRef;
        if (!ref) return;
        const at = path.child(field).index(i).child('env').index(j).child('valueFrom', 'fileKeyRef', 'volumeName');
        const volume = spec.volumes?.find((candidate) => candidate.name === ref.volumeName);
        if (!volume) errors.push({ type: 'FieldValueNotFound', path: at, value: ref.volumeName ?? '', detail: '' });
        else if (!volume.emptyDir) errors.push(invalid(at, ref.volumeName, 'referenced volume must be of type emptyDir'));
      }),
    );
  check(spec.containers, 'containers');
  check(spec.initContainers, 'initContainers');
}
