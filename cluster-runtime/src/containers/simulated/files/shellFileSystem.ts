/** A container's files as the shell library's tools want them: the same operations, with Node's way of wording errors. */
import type { FileContent, FsStat, IFileSystem } from 'just-bash';
import type { ContainerFiles } from './containerFiles.ts';
import { FileError, type FileErrorCode } from './fileError.ts';
import type { FileNode } from './fileTree.ts';
import { dirname, resolvePath } from './path.ts';

const nodeWords: Readonly<Record<FileErrorCode, string>> = {
  ENOENT: 'no such file or directory',
  EEXIST: 'file already exists',
  EISDIR: 'illegal operation on a directory',
  ENOTDIR: 'not a directory',
  ENOTEMPTY: 'directory not empty',
  EROFS: 'read-only file system',
  EACCES: 'permission denied',
  ELOOP: 'too many levels of symbolic links',
  EBUSY: 'resource busy or locked',
  EINVAL: 'invalid argument',
  ENOSPC: 'no space left on device',
};

export function shellFileSystem(files: ContainerFiles): IFileSystem {
  // Async, so that a refusal is a rejection.
  const run = async <T>(call: string, path: string, action: () => T): Promise<T> => {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw Object.assign(new Error(`${error.code}: ${nodeWords[error.code]}, ${call} '${path}'`), { code: error.code });
    }
  };
  const nodeAt = (path: string, follow: boolean): FileNode => {
    const node = follow ? files.find(path) : files.findLink(path);
    if (!node) throw new FileError('ENOENT', path);
    return node;
  };
  const bytesOf = (content: FileContent, encoding?: string): Uint8Array =>
    typeof content !== 'string'
      ? content
      : Buffer.from(content, encoding === 'binary' || encoding === 'latin1' ? 'latin1' : 'utf8');
  const encodingOf = (options: unknown): string | undefined =>
    typeof options === 'string' ? options : ((options as { encoding?: string } | undefined)?.encoding ?? undefined);

  return {
    readFile: (path, options) =>
      run('open', path, () => {
        const encoding = encodingOf(options);
        return Buffer.from(files.read(path)).toString(encoding === 'binary' || encoding === 'latin1' ? 'latin1' : 'utf8');
      }),
    readFileBuffer: (path) => run('open', path, () => files.read(path)),
    writeFile: (path, content, options) => run('open', path, () => files.write(path, bytesOf(content, encodingOf(options)))),
    appendFile: (path, content, options) =>
      run('open', path, () => files.write(path, bytesOf(content, encodingOf(options)), { append: true })),
    exists: (path) => run('access', path, () => files.exists(path)).catch(() => false),
    stat: (path) => run('stat', path, () => statOf(nodeAt(path, true))),
    lstat: (path) => run('lstat', path, () => statOf(nodeAt(path, false))),
    mkdir: (path, options) => run('mkdir', path, () => (options?.recursive ? files.makeFolders(path) : files.makeFolder(path))),
    readdir: (path) => run('scandir', path, () => files.names(path)),
    readdirWithFileTypes: (path) =>
      run('scandir', path, () =>
        files.names(path).map((name) => {
          const kind = files.findLink(resolvePath(path, name))?.kind;
          return { name, isFile: kind === 'file', isDirectory: kind === 'folder', isSymbolicLink: kind === 'link' };
        }),
      ),
    rm: (path, options) =>
      run('rm', path, () => {
        if (options?.force && !files.findLink(path)) return;
        files.remove(path, { recursive: options?.recursive ?? false });
      }),
    cp: (from, to) => run('cp', from, () => files.copy(from, to)),
    mv: (from, to) => run('rename', from, () => files.rename(from, to)),
    resolvePath,
    getAllPaths: () => [],
    chmod: (path, mode) => run('chmod', path, () => files.chmod(path, mode)),
    symlink: (target, path) => run('symlink', path, () => files.makeLink(target, path)),
    link: (from, to) => run('link', to, () => files.copy(from, to)),
    readlink: (path) =>
      run('readlink', path, () => {
        const node = nodeAt(path, false);
        if (node.kind !== 'link') throw new FileError('EINVAL', path);
        return node.target;
      }),
    realpath: (path) => run('realpath', path, () => files.realPath(path)),
    utimes: (path) =>
      run('utimes', path, () => {
        // Writing a file again gives it the present time, the only one that `touch` is used for in containers.
        const node = nodeAt(path, true);
        if (node.kind === 'file') files.write(path, node.read());
        else if (!files.exists(dirname(path))) throw new FileError('ENOENT', path);
      }),
  };
}

function statOf(node: FileNode): FsStat {
  return {
    isFile: node.kind === 'file',
    isDirectory: node.kind === 'folder',
    isSymbolicLink: node.kind === 'link',
    mode: node.kind === 'link' ? 0o777 : node.mode,
    size: node.kind === 'file' ? node.size : node.kind === 'link' ? node.target.length : 4096,
    mtime: new Date(node.mtime),
  };
}
