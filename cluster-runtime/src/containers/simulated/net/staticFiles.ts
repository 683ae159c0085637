/** What web servers do with a folder of the container: index files, content types, redirects to folders. */
import { FileError } from '../files/fileError.ts';
import { join, resolvePath } from '../files/path.ts';
import type { SimulatedContainer } from '../process/container.ts';

const types: ReadonlyMap<string, string> = new Map([
  ['html', 'text/html'],
  ['htm', 'text/html'],
  ['css', 'text/css'],
  ['js', 'application/javascript'],
  ['json', 'application/json'],
  ['txt', 'text/plain'],
  ['xml', 'text/xml'],
  ['svg', 'image/svg+xml'],
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['ico', 'image/x-icon'],
]);

export type StaticAnswer =
  | { readonly kind: 'file'; readonly path: string; readonly type: string; readonly bytes: Uint8Array; readonly mtime: number }
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'forbidden'; readonly path: string }
  | { readonly kind: 'missing'; readonly path: string };

export function staticFile(container: SimulatedContainer, root: string, urlPath: string, index: readonly string[]): StaticAnswer {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    decoded = urlPath;
  }
  const path = resolvePath('/', root + resolvePath('/', decoded));
  const node = find(container, path);
  if (node?.kind === 'folder') {
    if (!decoded.endsWith('/')) return { kind: 'redirect', to: `${decoded}/` };
    for (const name of index) {
      const found = fileAt(container, join(path, name));
      if (found) return found;
    }
    return { kind: 'forbidden', path: `${path}/` };
  }
  return fileAt(container, path) ?? { kind: 'missing', path };
}

function fileAt(container: SimulatedContainer, path: string): StaticAnswer | undefined {
  const node = find(container, path);
  if (node?.kind !== 'file') return undefined;
  const extension = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  return { kind: 'file', path, type: types.get(extension) ?? 'application/octet-stream', bytes: node.read(), mtime: node.mtime };
}

function find(container: SimulatedContainer, path: string): ReturnType<SimulatedContainer['files']['find']> {
  try {
    return container.files.find(path);
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
