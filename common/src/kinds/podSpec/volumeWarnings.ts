/** Warnings about volumes: drivers that are gone, and files that are written over each other. */
import type * as api from '#common/schema/generated/types.ts';
import { fractionWarning } from './warningTexts.ts';

const goneDrivers: ReadonlyMap<string, string> = new Map([
  ['awsElasticBlockStore', 'deprecated in v1.17, non-functional in v1.27+'],
  ['azureDisk', 'deprecated in v1.19, non-functional in v1.27+'],
  ['azureFile', 'deprecated in v1.21, non-functional in v1.30+'],
  ['cinder', 'deprecated in v1.11, non-functional in v1.26+'],
  ['flexVolume', 'deprecated in v1.23'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['gcePersistentDisk', 'deprecated in v1.17, non-functional in v1.28+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['portworxVolume', 'deprecated in v1.25'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
]);

export function volumeWarnings(volumes: readonly api.Volume[], at: string): string[] {
  const warnings: string[] = [];
  volumes.forEach((volume, i) => {
    for (const source in volume) {
      const gone = goneDrivers.get(source);
      if (gone) warnings.push(`${at}[${i}].${source}: ${gone}`);
    }
    if (!volume.ephemeral) return;
    const storage = volume.ephemeral?.volumeClaimTemplate?.spec?.resources?.requests?.['storage'];
    const path = `${at}[${i}].ephemeral.volumeClaimTemplate.spec.resources.requests[storage]`;
    warnings.push(...fractionWarning(path, 'storage', storage));
  });
  for (const volume of volumes) warnings.push(...overlapWarnings(volume));
  return warnings;
}

interface PlacedFile {
  readonly path: string;
  /** Empty for volumes of one source. */
  readonly source: string;
}

function overlapWarnings(volume: api.Volume): string[] {
  const { configMap, secret, downwardAPI, projected } = volume;
  const paths = (items: readonly { path: string }[] | undefined, source = ''): PlacedFile[] =>
    (items ?? []).map(({ path }) => ({ path, source }));
  const quoted = JSON.stringify;
  if (configMap?.items) return overlaps(volume.name, `ConfigMap ${quoted(configMap.name ?? '')}`, paths(configMap.items));
  if (secret?.items) return overlaps(volume.name, `Secret ${quoted(secret.secretName ?? '')}`, paths(secret.items));
  if (downwardAPI?.items) return overlaps(volume.name, 'DownwardAPI', paths(downwardAPI.items));
  if (!projected?.sources) return [];
  const files = projected.sources.flatMap((source): PlacedFile[] => {
    if (source.configMap) return paths(source.configMap.items, `ConfigMap ${quoted(source.configMap.name ?? '')}`);
    if (source.secret) return paths(source.secret.items, `Secret ${quoted(source.secret.name ?? '')}`);
    if (source.downwardAPI) return paths(source.downwardAPI.items, 'DownwardAPI');
    return source.serviceAccountToken ? [{ path: source.serviceAccountToken.path, source: 'ServiceAccountToken' }] : [];
  });
  return overlaps(volume.name, 'Projected', files);
}

function overlaps(volume: string, kind: string, files: readonly PlacedFile[]): string[] {
  if (files.length < 2) return [];
  const shown = ({ path, source }: PlacedFile): string => (source ? `${JSON.stringify(path)} (${source})` : JSON.stringify(path));
  return files.flatMap((file, i) =>
    files
      .slice(0, i)
      .filter((other) => `${file.path}/`.startsWith(`${other.path}/`) || `${other.path}/`.startsWith(`${file.path}/`))
      .map((other) => `volume ${JSON.stringify(volume)} (${kind}): overlapping paths: ${shown(file)} with ${shown(other)}`),
  );
}
