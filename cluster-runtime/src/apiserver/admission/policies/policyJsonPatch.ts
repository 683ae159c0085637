/**
 * JSON patches that expressions make. Where one does not apply, policies say why, in the words of the library that Kubernetes
 * patches with; a test that fails only means that the patch is not for this object.
 */
import { applyJsonPatch } from '#common/api/jsonPatch.ts';
import { getOwn, isJsonObject, type JsonObject } from '#common/api/ownProperty.ts';
import { ApiError } from '#common/api/status.ts';
import { jsonOfValue } from '#common/cel/jsonValues.ts';
import { CelObject, type CelValue, isList } from '#common/cel/values.ts';
import { PolicyFailure } from './policyFailure.ts';

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from: string;
  readonly value: unknown;
}

/** The patched document; the document itself where a test fails. Throws PolicyFailure. */
export function applyPolicyPatch(document: unknown, patch: CelValue): unknown {
  let patched = document;
  for (const operation of operationsOf(patch)) {
    try {
      patched = applyJsonPatch(patched, [operation]);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (operation.op === 'test') return document;
      throw new PolicyFailure(`JSON Patch: ${whyNot(patched, operation)}`);
    }
  }
  return patched;
}

function operationsOf(patch: CelValue): Operation[] {
  if (!isList(patch)) throw new PolicyFailure('type mismatch: JSONPatchType.expression should evaluate to array');
  return patch.map((item) => {
    if (!(item instanceof CelObject))
      throw new PolicyFailure('type mismatch: JSONPatchType.expression should evaluate to array of JSONPatch');
    const text = (name: string): string => {
      const value = item.get(name);
      return typeof value === 'string' ? value : '';
    };
    return { op: text('op'), path: text('path'), from: text('from'), value: jsonOfValue(item.get('value') ?? null) };
  });
}

const known = new Set(['add', 'remove', 'replace', 'move', 'copy']);

function whyNot(document: unknown, { op, path, from }: Operation): string {
  if (!known.has(op)) return `Unexpected kind: ${op}`;
  if (op === 'move' || op === 'copy') {
    const problem = whyNoSource(document, op, from);
    if (problem !== undefined) return problem;
  }
  const { container, key } = placeOf(document, path);
  if (op === 'replace' && path === '') return 'replace operation value must be object or array: %!w(<nil>)';
  if (container === undefined) {
    return `${op} operation does not apply: doc is missing path: ${op === 'replace' ? path : JSON.stringify(path)}: missing value`;
  }
  if (op === 'replace') return `replace operation does not apply: doc is missing key: ${path}: missing value`;
  return `error in ${op} for path: '${path}': ${whyNoKey(container, key)}`;
}

/** What keeps the value that a move or copy names from being found; undefined when nothing does. */
function whyNoSource(document: unknown, op: string, from: string): string | undefined {
  const { container, key } = placeOf(document, from);
  if (container === undefined) return `${op} operation does not apply: doc is missing from path: ${from}: missing value`;
  const there = Array.isArray(container)
    ? indexIn(container, key) < container.length
    : getOwn(container as JsonObject, key) !== undefined;
  // A copy of nothing is null.
  if (there || (op === 'copy' && !Array.isArray(container))) return undefined;
  return `error in ${op} for path: '${key}': ${whyNoKey(container, key)}`;
}

function whyNoKey(container: object, key: string): string {
  if (!Array.isArray(container)) return `Unable to remove nonexistent key: ${key}: missing value`;
  if (Number.isNaN(indexIn(container, key))) {
    return `value was not a proper array index: '${key}': strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`;
  }
  return `Unable to access invalid index: ${key}: invalid index referenced`;
}

const indexIn = (list: readonly unknown[], key: string): number =>
  key === '-' ? list.length : /^[+-]?\d+$/.test(key) ? Number(key) : NaN;

/** The container of a path's last step, where there is one. */
function placeOf(document: unknown, path: string): { container: object | undefined; key: string } {
  const steps = path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = steps.pop() ?? '';
  let at: unknown = path === '' ? undefined : document;
  for (const step of steps) {
    if (Array.isArray(at)) at = (at as unknown[])[indexIn(at as unknown[], step)];
    else at = isJsonObject(at) ? getOwn(at, step) : undefined;
  }
  return { container: typeof at === 'object' && at !== null ? at : undefined, key };
}
