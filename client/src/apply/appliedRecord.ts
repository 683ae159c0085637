/**
 * What each file's last apply made of the cluster's objects, so that a document that is removed from the file can be
 * followed. Kept in the workspace's state; only objects that a file itself has applied are ever in it.
 */
export interface AppliedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Another object of the same name is not ours. */
  readonly uid: string;
}

/** File → what it applied. */
export type AppliedFiles = Readonly<Record<string, readonly AppliedObject[]>>;

/** Versions of a kind's API come and go; the object stays the same. */
const isSame = (a: AppliedObject, b: AppliedObject): boolean => a.uid === b.uid;

/** What the file applied and no longer has, and that no other file has applied since. */
export function removedFrom(
  files: AppliedFiles,
  file: string,
  now: readonly AppliedObject[],
  stillNamed: (object: AppliedObject) => boolean,
): AppliedObject[] {
  const before = Object.hasOwn(files, file) ? (files[file] ?? []) : [];
  const others = Object.entries(files).flatMap(([other, objects]) => (other === file ? [] : objects));
  return before.filter(
    (object) => !stillNamed(object) && !now.some((each) => isSame(each, object)) && !others.some((each) => isSame(each, object)),
  );
}

/** With what the file has applied now; what failed this time but is still in the file is remembered on. */
export function withApplied(
  files: AppliedFiles,
  file: string,
  now: readonly AppliedObject[],
  stillNamed: (object: AppliedObject) => boolean,
): AppliedFiles {
  const before = Object.hasOwn(files, file) ? (files[file] ?? []) : [];
  const kept = before.filter((object) => stillNamed(object) && !now.some((each) => isSame(each, object)));
  const { [file]: _before, ...rest } = files;
  const objects = [...kept, ...now];
  return objects.length > 0 ? { ...rest, [file]: objects } : rest;
}

/** Of a file that has moved, or of a folder with all that is in it. */
export function withRenamed(files: AppliedFiles, from: string, to: string): AppliedFiles {
  const moved = Object.entries(files).map(([file, objects]): [string, readonly AppliedObject[]] => [
    file === from ? to : file.startsWith(`${from}/`) ? to + file.slice(from.length) : file,
    objects,
  ]);
  return Object.fromEntries(moved);
}
