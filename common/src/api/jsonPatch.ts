/**
 * JSON patch (RFC 6902) as Kubernetes applies it, which is laxer than the RFC: `replace` and `copy` accept a missing
 * map key, list indexes may be negative. The document is not changed; the result shares whatever the patch leaves
 * alone. The number of operations and what `copy` may add up to are limited.
 */
import { deepClone, deepEqual } from '#common/base/freeze.ts';
import { jsonKindText } from './goText.ts';
import { type JsonObject, getOwn, isJsonObject, setOwn } from './ownProperty.ts';
import { ApiError, badRequest } from './status.ts';

const mostOperations = 10_000;
/** How many bytes of JSON the copies of one patch may add up to. */
const mostCopied = 3 * 1024 * 1024;

/** Whatever cannot be applied gets this one answer; the API does not tell why. */
const rejected = (): ApiError =>
  new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

interface Operation {
  op: string;
  path: string | undefined;
  from: string | undefined;
  value: unknown;
}

/** Applies a parsed patch document. Throws a 400 for a malformed one, a 422 for one that does not apply. */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  const operations = operationsOf(patch);
  if (operations.length > mostOperations) {
    const message = `The allowed maximum operations in a JSON patch is ${mostOperations}, got ${operations.length}`;
    throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: ${message}`);
  }
  const draft = new Draft(document);
  for (const operation of operations) draft.apply(operation);
  return draft.root;
}

function operationsOf(patch: unknown): Operation[] {
  const malformed = (what: unknown, into: string): ApiError =>
    badRequest(`error decoding patch: json: cannot unmarshal ${jsonKindText(what)} into Go ${into}`);
  if (patch === null) return [];
  if (!Array.isArray(patch)) throw malformed(patch, 'value of type []handlers.jsonPatchOp');
  return patch.map((given: unknown): Operation => {
    if (given !== null && !isJsonObject(given)) throw malformed(given, 'value of type handlers.jsonPatchOp');
    const text = (name: string): string | undefined => {
      const value = getOwn(given ?? {}, name) ?? undefined;
      if (value !== undefined && typeof value !== 'string') {
        throw malformed(value, `struct field jsonPatchOp.${name} of type string`);
      }
      return value;
    };
    return { op: text('op') ?? '', path: text('path'), from: text('from'), value: getOwn(given ?? {}, 'value') ?? null };
  });
}

type Container = JsonObject | unknown[];

/** The document being patched. Containers are copied the first time they change, and are the draft's own after that. */
class Draft {
  root: unknown;
  readonly #own = new Set<Container>();
  #copied = 0;

  constructor(document: unknown) {
    this.root = document;
  }

  apply({ op, path, from, value }: Operation): void {
    if (path === undefined) throw rejected();
    switch (op) {
      case 'add':
        return this.#add(path, value);
      case 'remove':
        return this.#remove(path);
      case 'replace':
        return this.#replace(path, value);
      case 'move': {
        const moved = this.#get(from);
        this.#remove(from ?? '');
        return this.#add(path, moved);
      }
      case 'copy':
        return this.#add(path, this.#copyOf(this.#get(from)));
      case 'test': {
        const actual = path === '' ? this.root : this.#get(path);
        if (!deepEqual(actual ?? null, value)) throw rejected();
        return;
      }
      default:
        throw rejected();
    }
  }

  /** Goes down to the container of the path's last step. With `own`, makes every container on the way the draft's. */
  #parent(path: string, own: boolean): { container: Container; key: string } {
    const steps = path.split('/').slice(1);
    const last = steps.pop();
    if (last === undefined) throw rejected();
    let at = own ? this.#owned(this.root, (copy) => (this.root = copy)) : containerOf(this.root);
    for (const step of steps) {
      const container: Container = at;
      const key = unescapeStep(step);
      const child = childOf(container, key);
      at = own ? this.#owned(child, (copy) => replaceChild(container, key, copy)) : containerOf(child);
    }
    return { container: at, key: unescapeStep(last) };
  }

  #owned(value: unknown, put: (copy: Container) => void): Container {
    const container = containerOf(value);
    if (this.#own.has(container)) return container;
    const copy = Array.isArray(container) ? [...(container as unknown[])] : { ...container };
    this.#own.add(copy);
    put(copy);
    return copy;
  }

  #get(path: string | undefined): unknown {
    if (path === undefined) throw rejected();
    const { container, key } = this.#parent(path, false);
    return childOf(container, key);
  }

  #add(path: string, value: unknown): void {
    const { container, key } = this.#parent(path, true);
    if (!Array.isArray(container)) return setOwn(container, key, value);
    if (key === '-') return void container.push(value);
    // One more place than the list has elements: an index may point behind the last one.
    container.splice(indexOf(key, container.length + 1), 0, value);
  }

  #remove(path: string): void {
    const { container, key } = this.#parent(path, true);
    if (Array.isArray(container)) container.splice(indexOf(key, container.length), 1);
    else if (!Object.hasOwn(container, key)) throw rejected();
    else delete container[key];
  }

  #replace(path: string, value: unknown): void {
    if (path === '') {
      if (typeof value !== 'object' || value === null) throw rejected();
      this.root = value;
      return;
    }
    const { container, key } = this.#parent(path, true);
    replaceChild(container, key, value);
  }

  #copyOf(value: unknown): unknown {
    this.#copied += JSON.stringify(value ?? null).length;
    if (this.#copied > mostCopied) throw rejected();
    return deepClone(value ?? null);
  }
}

function containerOf(value: unknown): Container {
  if (typeof value !== 'object' || value === null) throw rejected();
  return value as Container;
}

const unescapeStep = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');

function indexOf(key: string, length: number): number {
  if (!/^[+-]?\d{1,15}$/.test(key)) throw rejected();
  const index = Number(key) < 0 ? Number(key) + length : Number(key);
  if (index < 0 || index >= length) throw rejected();
  return index;
}

const childOf = (container: Container, key: string): unknown =>
  Array.isArray(container) ? container[indexOf(key, container.length)] : getOwn(container, key);

function replaceChild(container: Container, key: string, value: unknown): void {
  if (Array.isArray(container)) container[indexOf(key, container.length)] = value;
  else setOwn(container, key, value);
}
