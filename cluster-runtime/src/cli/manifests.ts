/** Reads manifests from files and folders, and says in which order they are applied. */
import { type Dirent, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { inApplyOrder } from '#common/api/applyOrder.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { CliError } from './cliError.ts';

export interface Manifest {
  readonly file: string;
  readonly object: KubeObject & { apiVersion: string; kind: string };
}

/** What is applied and shown together: one file, or one folder. */
export interface ManifestGroup {
  readonly title: string;
  readonly manifests: readonly Manifest[];
}

const endings = ['.yaml', '.yml', '.json'];

/**
 * Everything under the locations. A folder of nothing but folders is one group for each of these, so that each is seen to
 * come up. Throws CliError for what cannot be read or is no manifest.
 */
export async function readManifestGroups(locations: readonly string[]): Promise<ManifestGroup[]> {
  const groups: ManifestGroup[] = [];
  for (const title of locations.flatMap(groupsOf)) groups.push({ title, manifests: await readManifests(title) });
  return groups;
}

function groupsOf(location: string): string[] {
  if (!lookAt(location)?.isDirectory()) return [location];
  const entries = visibleEntries(location);
  const folders = entries.filter((entry) => entry.isDirectory());
  return folders.length === entries.length && folders.length > 0
    ? folders.map(({ name }) => path.join(location, name))
    : [location];
}

async function readManifests(location: string): Promise<Manifest[]> {
  const { parseAllDocuments } = await import('yaml');
  const manifests: Manifest[] = [];
  for (const file of filesUnder(location)) {
    const text = read(file);
    for (const document of parseAllDocuments(text)) {
      const [problem] = document.errors ?? [];
      if (problem)
        throw new CliError(
          `${file} is not valid YAML: ${(problem.message.split('\n')[0] ?? '').replace(/:$/, '')}; mend it and start again.`,
        );
      let value: unknown;
      try {
        value = document.toJS();
      } catch (error) {
        // An alias without its anchor, or aliases that would grow without end.
        if (!(error instanceof ReferenceError)) throw error;
        throw new CliError(`${file} is not valid YAML: ${error.message}; mend it and start again.`);
      }
      collect(file, value, manifests);
    }
  }
  if (manifests.length === 0)
    throw new CliError(`${location} holds no manifests; --apply takes files and folders of ${endings.join(', ')}.`);
  return inApplyOrder(manifests, ({ object }) => object.kind);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError(`Cannot read ${file} (${(error as NodeJS.ErrnoException).code}); give --apply files that you may read.`);
  }
}

/** Undefined when there is nothing. */
function lookAt(location: string): Stats | undefined {
  try {
    return statSync(location, { throwIfNoEntry: false });
  } catch (error) {
    throw new CliError(
      `Cannot read ${location} (${(error as NodeJS.ErrnoException).code}); give --apply files that you may read.`,
    );
  }
}

/** In order of name, without what belongs to other programs. */
function visibleEntries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw new CliError(
      `Cannot read ${folder} (${(error as NodeJS.ErrnoException).code}); give --apply folders that you may read.`,
    );
  }
}

function filesUnder(location: string): string[] {
  const found = lookAt(location);
  if (!found) throw new CliError(`${location} does not exist; give --apply a manifest or a folder of manifests.`);
  if (!found.isDirectory()) return [location];
  // Links to folders are not followed: they may lead back here.
  return visibleEntries(location).flatMap((entry) => {
    const inside = path.join(location, entry.name);
    if (entry.isDirectory()) return filesUnder(inside);
    return endings.includes(path.extname(entry.name)) && lookAt(inside)?.isFile() ? [inside] : [];
  });
}

function collect(file: string, value: unknown, into: Manifest[]): void {
  if (value === null || value === undefined) return;
  const object = value as Partial<KubeObject> & { items?: unknown[] };
  if (typeof value !== 'object' || typeof object.apiVersion !== 'string' || typeof object.kind !== 'string')
    throw new CliError(`${file} holds something that is no Kubernetes object: give it an apiVersion and a kind.`);
  if (object.kind.endsWith('List') && Array.isArray(object.items)) {
    for (const item of object.items) collect(file, item, into);
    return;
  }
  if (object.kind === 'Kustomization')
    throw new CliError(`${file} is for kustomize: start without it, then run "kubectl apply -k ${path.dirname(file)}".`);
  if (typeof object.metadata?.name !== 'string')
    throw new CliError(`${file} holds a ${object.kind} without a name: give it a metadata.name.`);
  into.push({ file, object: object as Manifest['object'] });
}
