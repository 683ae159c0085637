/** Where the files of a volume come from, of pods and of persistent volumes. */
import type { PersistentVolumeSpec, Volume } from '#common/schema/generated/types.ts';
import { sortedKeys } from './common.ts';
import type { Page } from './describer.ts';

/** `space` is what the section is indented by. */
export function volumeLines(page: Page, volumes: readonly Volume[], space: string): void {
  if (volumes.length === 0) {
    page.line(0, `${space}Volumes:\t<none>`);
    return;
  }
  page.line(0, `${space}Volumes:`);
  for (const volume of volumes) {
    page.line(0, `${space ? ' ' : '  '}${space}${volume.name}:`);
    sourceLines(page, volume);
  }
}

type Source = Omit<Volume, 'name'>;

function sourceLines(page: Page, volume: Source): void {
  const { emptyDir, secret, configMap, persistentVolumeClaim: claim, projected, downwardAPI, ephemeral, image, csi } = volume;
  if (emptyDir)
    fields(page, "EmptyDir (a temporary directory that shares a pod's lifetime)", [
      ['Medium', emptyDir.medium ?? ''],
      ['SizeLimit', emptyDir.sizeLimit ?? '<unset>'],
    ]);
  else if (secret)
    fields(page, 'Secret (a volume populated by a Secret)', [
      ['SecretName', secret.secretName ?? ''],
      ['Optional', secret.optional ?? false],
    ]);
  else if (configMap)
    fields(page, 'ConfigMap (a volume populated by a ConfigMap)', [
      ['Name', configMap.name ?? ''],
      ['Optional', configMap.optional ?? false],
    ]);
  else if (claim)
    fields(page, 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)', [
      ['ClaimName', claim.claimName],
      ['ReadOnly', claim.readOnly ?? false],
    ]);
  else if (projected) {
    const parts = (projected.sources ?? []).flatMap((source): Field[] => {
      if (source.secret) return [['SecretName', source.secret.name ?? ''], ['SecretOptionalName', source.secret.optional ?? '<nil>']]; // prettier-ignore
      if (source.downwardAPI) return [['DownwardAPI', true]];
      if (source.configMap) return [['ConfigMapName', source.configMap.name ?? ''], ['ConfigMapOptional', source.configMap.optional ?? '<nil>']]; // prettier-ignore
      return source.serviceAccountToken ? [['TokenExpirationSeconds', source.serviceAccountToken.expirationSeconds ?? 0]] : [];
    });
    fields(page, 'Projected (a volume that contains injected data from multiple sources)', parts);
  } else if (downwardAPI) {
    fields(page, 'DownwardAPI (a volume populated by information about the pod)', []);
    page.line(2, 'Items:');
    for (const { path, fieldRef, resourceFieldRef } of downwardAPI.items ?? [])
      page.line(3, `${fieldRef?.fieldPath ?? resourceFieldRef?.resource ?? ''} -> ${path}`);
  } else if (ephemeral) {
    const claimSpec = ephemeral.volumeClaimTemplate?.spec;
    fields(page, 'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)', [
      ['StorageClass', claimSpec?.storageClassName ?? ''],
      ['Volume', claimSpec?.volumeName ?? ''],
    ]);
  } else if (image)
    fields(page, 'Image (a container image or OCI artifact)', [
      ['Reference', image.reference ?? ''],
      ['PullPolicy', image.pullPolicy ?? ''],
    ]);
  else if (csi) {
    fields(page, 'CSI (a Container Storage Interface (CSI) volume source)', [
      ['Driver', csi.driver],
      ['FSType', csi.fsType ?? ''],
      ['ReadOnly', csi.readOnly ?? false],
    ]);
    attributes(page, csi.volumeAttributes);
  } else sharedSource(page, volume);
}

/** What pods and persistent volumes both may have. */
function sharedSource(
  page: Page,
  { hostPath, nfs, local }: Pick<Volume, 'hostPath' | 'nfs'> & Pick<PersistentVolumeSpec, 'local'>,
): void {
  if (hostPath)
    fields(page, 'HostPath (bare host directory volume)', [
      ['Path', hostPath.path],
      ['HostPathType', hostPath.type ?? '<none>'],
    ]);
  else if (nfs)
    fields(page, 'NFS (an NFS mount that lasts the lifetime of a pod)', [
      ['Server', nfs.server],
      ['Path', nfs.path],
      ['ReadOnly', nfs.readOnly ?? false],
    ]);
  else if (local) fields(page, 'LocalVolume (a persistent volume backed by local storage on a node)', [['Path', local.path]]);
  else page.line(1, '<unknown>');
}

/** `Source:` of a PersistentVolume. */
export function persistentSourceLines(page: Page, spec: PersistentVolumeSpec): void {
  const { csi } = spec;
  if (!csi) {
    sharedSource(page, spec);
    return;
  }
  fields(page, 'CSI (a Container Storage Interface (CSI) volume source)', [
    ['Driver', csi.driver],
    ['FSType', csi.fsType ?? ''],
    ['VolumeHandle', csi.volumeHandle],
    ['ReadOnly', csi.readOnly ?? false],
  ]);
  attributes(page, csi.volumeAttributes);
}

type Field = readonly [name: string, value: string | number | boolean];

function fields(page: Page, type: string, list: readonly Field[]): void {
  page.line(2, `Type:\t${type}`);
  for (const [name, value] of list) page.line(2, `${name}:\t${value}`);
}

function attributes(page: Page, map: Readonly<Record<string, string>> | undefined): void {
  const keys = sortedKeys(map);
  if (keys.length === 0) page.line(2, 'VolumeAttributes:\t<none>');
  keys.forEach((key, i) =>
    page.line(2, `${i === 0 ? 'VolumeAttributes:\t' : '\t'}${'  '.repeat(i === 0 ? 2 : 0)}${key}=${map?.[key] ?? ''}`),
  );
}
