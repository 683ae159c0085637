/** The objects of `-f`: files, folders, addresses of the web, and standard input. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { isJsonObject } from '#common/api/ownProperty.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import { plainError } from './kubectlError.ts';
import type { Session } from './session.ts';
import type { Target } from './targets.ts';

export interface FileObject {
  /** As complaints name it. */
  readonly source: string;
  readonly object: UntypedObject;
}

const endings = ['.json', '.yaml', '.yml'];

/** In the order of the files and of the documents in them. */
export async function readFiles(session: Session): Promise<FileObject[]> {
  if (session.flags.has('kustomize'))
    throw plainError(
      'this kubectl does not build kustomizations; install kubectl from https://kubernetes.io/docs/tasks/tools/ for -k',
    );
  const found: FileObject[] = [];
  for (const location of session.flags.list('filename')) {
    if (location === '-') found.push(...(await objectsOf(await readAll(session.io.stdin), 'STDIN')));
    else if (/^https?:\/\//.test(location))
      throw plainError(`this kubectl reads no manifests from the web; download ${location} first`);
    else
      for (const file of filesOf(location, session.flags.bool('recursive')))
        found.push(...(await objectsOf(readFileSync(file, 'utf8'), file)));
  }
  return found;
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const pieces: string[] = [];
  stream.setEncoding('utf8');
  for await (const piece of stream) pieces.push(String(piece));
  return pieces.join('');
}

function filesOf(location: string, recursive: boolean): string[] {
  const stat = statSync(location, { throwIfNoEntry: false });
  if (!stat) throw plainError(`the path ${JSON.stringify(location)} does not exist`);
  if (!stat.isDirectory()) return [location];
  const files = filesIn(location, recursive);
  if (files.length === 0) throw plainError(`error reading [${location}]: recognized file extensions are [${endings.join(' ')}]`);
  return files;
}

/** By name, as they stand in the folder. */
function filesIn(folder: string, recursive: boolean): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inside = path.join(folder, entry.name);
      if (entry.isDirectory()) return recursive ? filesIn(inside, true) : [];
      return endings.includes(path.extname(entry.name)) ? [inside] : [];
    });
}

/** Documents that are empty are none; a list is its items. */
async function objectsOf(text: string, source: string): Promise<FileObject[]> {
  const { parseAllDocuments } = await import('yaml');
  const found: FileObject[] = [];
  // YAML as kubectl reads it: 1.1, but no numbers to the base of sixty, no times and no binaries.
  const documents = parseAllDocuments(text, {
    version: '1.1',
    uniqueKeys: false,
    customTags: (tags) =>
      tags.filter(
        (tag) =>
          typeof tag === 'string' ||
          (!/(?:timestamp|binary|omap|pairs|set)$/.test(tag.tag) && !('format' in tag && tag.format === 'TIME')),
      ),
  });
  for (const document of documents) {
    const [problem] = document.errors ?? [];
    if (problem) {
      const line = problem.linePos?.[0].line ?? 1;
      throw plainError(
        `error parsing ${source}: error converting YAML to JSON: yaml: line ${line}: ${problem.message.split('\n')[0] ?? ''}`,
      );
    }
    collect(document.toJS(), source, found);
  }
  return found;
}

function collect(value: unknown, source: string, found: FileObject[]): void {
  if (value === null || value === undefined) return;
  if (!isJsonObject(value))
    throw plainError(
      `error validating "${source}": error validating data: invalid object to validate; if you choose to ignore these errors, turn validation off with --validate=false`,
    );
  const missing = ['apiVersion', 'kind'].filter((field) => !value[field]);
  if (missing.length > 0) {
    const problems = missing.map((field) => `${field} not set`);
    throw plainError(
      `error validating "${source}": error validating data: ${problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`}; if you choose to ignore these errors, turn validation off with --validate=false`,
    );
  }
  const { items } = value;
  if (String(value['kind']).endsWith('List') && Array.isArray(items)) {
    for (const item of items as unknown[]) collect(item, source, found);
    return;
  }
  const metadata = isJsonObject(value['metadata']) ? value['metadata'] : {};
  found.push({ source, object: { ...value, metadata } as UntypedObject });
}

/** Where the objects of the files are. One that names no namespace is in the command's. */
export async function fileTargets(session: Session, files: readonly FileObject[]): Promise<Target[]> {
  const targets: Target[] = [];
  for (const file of files) targets.push(await fileTarget(session, file));
  return targets;
}

export async function fileTarget(session: Session, { source, object }: FileObject): Promise<Target> {
  const { apiVersion = '', kind = '', metadata } = object;
  const resource = await (await session.resources()).ofKind(apiVersion, kind);
  if (!resource)
    throw plainError(
      `resource mapping not found for name: "${metadata.name ?? ''}" namespace: "${metadata.namespace ?? ''}" from "${source}": no matches for kind "${kind}" in version "${apiVersion}"\nensure CRDs are installed first`,
    );
  const here = await session.namespace();
  if (resource.namespaced && metadata.namespace && session.flags.has('namespace') && metadata.namespace !== here)
    throw plainError(
      `the namespace from the provided object "${metadata.namespace}" does not match the namespace "${here}". You must pass '--namespace=${metadata.namespace}' to perform this operation.`,
    );
  const namespace = resource.namespaced ? metadata.namespace || here : undefined;
  const { namespace: _, ...others } = metadata;
  const placed = { ...object, metadata: namespace === undefined ? others : { ...others, namespace } };
  return { resource, namespace, ...(metadata.name ? { name: metadata.name } : {}), object: placed, source };
}
