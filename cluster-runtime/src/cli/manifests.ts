/** Reads manifests from files and folders, and says in which order they are applied. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { KubeObject } from '#common/api/meta.ts';
import { CliError } from './cliError.ts';

export interface Manifest {
  readonly file: string;
  readonly object: KubeObject & { apiVersion: string; kind: string };
}

const endings = ['.yaml', '.yml', '.json'];

/** Everything under `location`, folders in order of name. Throws CliError for what cannot be read or is no manifest. */
export async function readManifests(location: string): Promise<Manifest[]> {
  const { parseAllDocuments } = await import('yaml');
  const manifests: Manifest[] = [];
  for (const file of filesUnder(location)) {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      throw new CliError(`Cannot read ${file} (${(error as NodeJS.ErrnoException).code}).`);
    }
    for (const document of parseAllDocuments(text)) {
      const [problem] = document.errors ?? [];
      if (problem) throw new CliError(`${file} is not valid YAML: ${problem.message.split('\n')[0]}`);
      collect(file, document.toJS(), manifests);
    }
  }
  if (manifests.length === 0) throw new CliError(`${location} holds no manifests (files ending in ${endings.join(', ')}).`);
  return inOrder(manifests);
}

function filesUnder(location: string): string[] {
  let isFolder: boolean;
  try {
    isFolder = statSync(location).isDirectory();
  } catch {
    throw new CliError(`${location} does not exist; give a manifest or a folder of manifests to --apply.`);
  }
  if (!isFolder) return [location];
  return readdirSync(location)
    .sort()
    .map((name) => path.join(location, name))
    .flatMap((entry) => (statSync(entry).isDirectory() ? filesUnder(entry) : endings.includes(path.extname(entry)) ? [entry] : []));
}

function collect(file: string, value: unknown, into: Manifest[]): void {
  if (value === null || value === undefined) return;
  const object = value as Partial<KubeObject> & { items?: unknown[] };
  if (typeof value !== 'object' || typeof object.apiVersion !== 'string' || typeof object.kind !== 'string') {
    throw new CliError(`${file} holds something that is no Kubernetes object: apiVersion or kind is missing.`);
  }
  if (object.kind.endsWith('List') && Array.isArray(object.items)) {
    for (const item of object.items) collect(file, item, into);
    return;
  }
  if (!object.metadata?.name) throw new CliError(`${file}: the ${object.kind} has no metadata.name.`);
  into.push({ file, object: object as Manifest['object'] });
}

/** What others need comes first: namespaces, definitions, access, configuration, then what uses them. */
const ranks = ['Namespace', 'CustomResourceDefinition', 'PriorityClass', 'StorageClass', 'ServiceAccount', 'ClusterRole', 'Role', 'ClusterRoleBinding', 'RoleBinding', 'Secret', 'ConfigMap', 'PersistentVolume', 'PersistentVolumeClaim', 'Service']; // prettier-ignore

function inOrder(manifests: Manifest[]): Manifest[] {
  const rank = ({ object }: Manifest): number => {
    const at = ranks.indexOf(object.kind);
    return at < 0 ? ranks.length : at;
  };
  return manifests.map((manifest, i) => ({ manifest, i })).sort((a, b) => rank(a.manifest) - rank(b.manifest) || a.i - b.i).map(({ manifest }) => manifest);
}
