/** The volume sources that clusters use today: claims, ConfigMaps, Secrets, projections, host paths, CSI. */
import { forbidden, invalid, notSupported, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123SubdomainErrors } from '#common/api/names.ts';
import { parseQuantity } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';
import { validateFieldRef, validateResourceFieldRef } from './downwardReferences.ts';
import { validateEphemeralVolume } from './ephemeralVolume.ts';
import {
  addFieldProblems,
  addProblems,
  checkMode,
  checkRequired,
  type Errors,
  filePathProblems,
  hasBackstep,
} from './fieldRules.ts';

export interface SourceContext {
  /** Where the source is, and where its volume is. */
  readonly path: FieldPath;
  readonly parent: FieldPath;
  readonly volume: api.Volume;
  /** Metadata of the pod that will own the volume. */
  readonly podMeta: api.ObjectMeta;
  readonly errors: Errors;
}
// Each validator is only ever called with its own source; the table that does so is keyed by the source's name.
export type SourceValidator = (source: never, ctx: SourceContext) => void;

const hostPathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];
const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
const volumeFields = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];
const shortestToken = 10 * 60;
const longestToken = 2 ** 32;
const maxDriverName = 63;

export const currentSources = {
  emptyDir(source: api.EmptyDirVolumeSource, { path, errors }: SourceContext) {
    const limit = source.sizeLimit ? parseQuantity(source.sizeLimit) : undefined;
    if (limit && limit.nano < 0n) {
      errors.push(forbidden(path.child('sizeLimit'), 'SizeLimit field must be a valid resource quantity'));
    }
  },
  hostPath(source: api.HostPathVolumeSource, { path, errors }: SourceContext) {
    if (!source.path) {
      errors.push(required(path.child('path')));
      return;
    }
    if (hasBackstep(source.path)) errors.push(invalid(path.child('path'), source.path, "must not contain '..'"));
    if (source.type != null && !hostPathTypes.includes(source.type)) {
      errors.push(notSupported(path.child('type'), source.type, hostPathTypes));
    }
  },
  secret(source: api.SecretVolumeSource, { path, errors }: SourceContext) {
    checkRequired(source.secretName, path, 'secretName', errors);
    checkMode(source.defaultMode, path, 'defaultMode', errors);
    validateItems(source.items, path, errors);
  },
  configMap(source: api.ConfigMapVolumeSource, { path, errors }: SourceContext) {
    checkRequired(source.name, path, 'name', errors);
    checkMode(source.defaultMode, path, 'defaultMode', errors);
    validateItems(source.items, path, errors);
  },
  persistentVolumeClaim(source: api.PersistentVolumeClaimVolumeSource, { path, errors }: SourceContext) {
    checkRequired(source.claimName, path, 'claimName', errors);
  },
  downwardAPI(source: api.DownwardAPIVolumeSource, { path, errors }: SourceContext) {
    checkMode(source.defaultMode, path, 'defaultMode', errors);
    source.items?.forEach((file) => validateDownwardFile(file, path, errors));
  },
  projected(source: api.ProjectedVolumeSource, { path, errors }: SourceContext) {
    checkMode(source.defaultMode, path, 'defaultMode', errors);
    const paths = new Set<string>();
    source.sources?.forEach((projection, i) =>
      validateProjection(projection, paths, path, path.child('sources').index(i), errors),
    );
  },
  nfs(source: api.NFSVolumeSource, { path, errors }: SourceContext) {
    checkRequired(source.server, path, 'server', errors);
    checkRequired(source.path, path, 'path', errors);
    if (!source.path?.startsWith('/')) errors.push(invalid(path.child('path'), source.path ?? '', 'must be an absolute path'));
  },
  csi(source: api.CSIVolumeSource, { path, errors }: SourceContext) {
    validateDriverName(source.driver, path, errors);
    if (source.nodePublishSecretRef)
      checkRequired(source.nodePublishSecretRef.name, path.child('nodePublishSecretRef'), 'name', errors);
  },
  ephemeral(source: api.EphemeralVolumeSource, { path, volume, podMeta, errors }: SourceContext) {
    validateEphemeralVolume(source, volume, podMeta, path, errors);
  },
  image(source: api.ImageVolumeSource, { path, errors }: SourceContext) {
    if (source.pullPolicy && !pullPolicies.includes(source.pullPolicy)) {
      errors.push(notSupported(path.child('pullPolicy'), source.pullPolicy, pullPolicies));
    }
  },
};

export function validateDriverName(driver: string | undefined, path: FieldPath, errors: Errors): void {
  if (!driver) {
    errors.push(required(path.child('driver')));
    return;
  }
  if (driver.length > maxDriverName) {
    errors.push({ type: 'FieldValueTooLong', path: path.child('driver'), detail: `may not be more than ${maxDriverName} bytes` });
  }
  addFieldProblems(driver, dns1123SubdomainErrors(driver.toLowerCase()), path, 'driver', errors);
}

function validateItems(items: readonly api.KeyToPath[] | undefined, path: FieldPath, errors: Errors): void {
  items?.forEach((item, i) => {
    const at = path.child('items').index(i);
    checkRequired(item.key, at, 'key', errors);
    checkRequired(item.path, at, 'path', errors);
    if (item.path) addFieldProblems(item.path, filePathProblems(item.path), at, 'path', errors);
    checkMode(item.mode, at, 'mode', errors);
  });
}

/** Kubernetes tells the volume's place, not the file's. */
function validateDownwardFile(file: api.DownwardAPIVolumeFile, path: FieldPath, errors: Errors): void {
  checkRequired(file.path, path, 'path', errors);
  if (file.path) addFieldProblems(file.path, filePathProblems(file.path), path, 'path', errors);
  if (file.fieldRef) {
    validateFieldRef(file.fieldRef, volumeFields, path.child('fieldRef'), errors);
    if (file.resourceFieldRef) {
      errors.push(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
    }
  } else if (file.resourceFieldRef) {
    validateResourceFieldRef(file.resourceFieldRef, true, path.child('resourceFieldRef'), errors);
  } else {
    errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'));
  }
  checkMode(file.mode, path, 'mode', errors);
}

/** `paths` are those that earlier sources of the volume have taken. */
function validateProjection(
  projection: api.VolumeProjection,
  paths: Set<string>,
  path: FieldPath,
  at: FieldPath,
  errors: Errors,
): void {
  let sources = 0;
  const take = (file: string | undefined, value: unknown): void => {
    if (!file) return;
    if (paths.has(file)) errors.push(invalid(path, value, 'conflicting duplicate paths'));
    paths.add(file);
  };
  for (const kind of ['secret', 'configMap'] as const) {
    const source = projection[kind];
    if (!source) continue;
    sources++;
    checkRequired(source.name, at.child(kind), 'name', errors);
    validateItems(source.items, at.child(kind), errors);
    source.items?.forEach((item) => take(item.path, source.name ?? ''));
  }
  if (projection.downwardAPI) {
    sources++;
    projection.downwardAPI.items?.forEach((file) => {
      validateDownwardFile(file, at.child('downwardAPI'), errors);
      take(file.path, file.path);
    });
  }
  if (projection.serviceAccountToken) {
    sources++;
    validateTokenProjection(projection.serviceAccountToken, path, at, errors);
  }
  if (sources > 1) errors.push(forbidden(at, 'may not specify more than 1 volume type per source'));
}

function validateTokenProjection(token: api.ServiceAccountTokenProjection, path: FieldPath, at: FieldPath, errors: Errors): void {
  const seconds = token.expirationSeconds ?? 0;
  const where = at.child('serviceAccountToken');
  if (seconds < shortestToken) {
    errors.push(invalid(where.child('expirationSeconds'), seconds, 'may not specify a duration less than 10 minutes'));
  }
  if (seconds > longestToken) {
    errors.push(invalid(where.child('expirationSeconds'), seconds, 'may not specify a duration larger than 2^32 seconds'));
  }
  if (!token.path) errors.push(required(path.child('path')));
  else addProblems(token.path, filePathProblems(token.path), where.child('path'), errors);
}
