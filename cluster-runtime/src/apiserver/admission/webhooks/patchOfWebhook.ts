/** The JSON patch that a mutating webhook answers with: read from base64, applied, and what is said when it does not apply. */
import { jsonKindText } from '#common/api/goText.ts';
import { applyJsonPatch } from '#common/api/jsonPatch.ts';
import { getOwn, isJsonObject } from '#common/api/ownProperty.ts';
import { ApiError, internalServerError } from '#common/api/status.ts';
import { CallFailure } from './callFailure.ts';

/** The operations. Throws CallFailure. */
export function readPatch({ type, text }: { readonly type: string; readonly text: string }): readonly unknown[] {
  const undecodable = (why: string): CallFailure => new CallFailure(`received undecodable patch in webhook response: ${why}`);
  const json = Buffer.from(text, 'base64').toString('utf8');
  let operations: unknown;
  try {
    operations = JSON.parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw undecodable(
      json.trim() === ''
        ? 'unexpected end of JSON input'
        : `invalid character '${[...json.trim()][0]}' looking for beginning of value`,
    );
  }
  if (operations === null) return [];
  if (!Array.isArray(operations))
    throw undecodable(`json: cannot unmarshal ${jsonKindText(operations)} into Go value of type jsonpatch.Patch`);
  if (operations.length > 0 && type !== 'JSONPatch') throw new CallFailure(`unsupported patch type ${JSON.stringify(type)}`);
  return operations;
}

/** `document` with the operations applied. Throws a 500 that names the operation that does not apply. */
export function applyPatch(document: unknown, operations: readonly unknown[]): unknown {
  try {
    return applyJsonPatch(document, operations);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw internalServerError(failedOperation(document, operations) ?? error.message);
  }
}

function failedOperation(document: unknown, operations: readonly unknown[]): string | undefined {
  let state = document;
  for (const operation of operations) {
    try {
      state = applyJsonPatch(state, [operation]);
    } catch {
      // Why does not matter here: the operation that fails by itself is the one to be told of.
      return problemOf(state, operation);
    }
  }
  return undefined;
}

function problemOf(document: unknown, operation: unknown): string | undefined {
  if (!isJsonObject(operation)) return undefined;
  const text = (name: string): string => {
    const value = getOwn(operation, name);
    return typeof value === 'string' ? value : '';
  };
  const [op, path, from] = [text('op'), text('path'), text('from')];
  const step = (of: string): string => of.slice(of.lastIndexOf('/') + 1);
  const missing = (what: string): string => `${op} operation does not apply: doc is missing ${what}: missing value`;
  const [parent, source] = [parentOf(document, path), parentOf(document, from)];
  switch (op) {
    case 'test':
      return `testing value ${path} failed: test failed`;
    case 'add':
    case 'remove':
      return parent ? inside(op, path, path, parent) : missing(`path: ${JSON.stringify(path)}`);
    case 'replace':
      return missing(parent ? `key: ${path}` : `path: ${path}`);
    case 'move':
    case 'copy':
      if (!source) return missing(`from path: ${from}`);
      if (!parent) return missing(`destination path: ${path}`);
      return inside(op, step(from), from, source);
    default:
      return `Unexpected kind: ${op}`;
  }
}

/** What is wrong at the end of a path whose beginning is there. */
function inside(op: string, named: string, path: string, parent: object): string {
  const key = path.slice(path.lastIndexOf('/') + 1);
  const why = Array.isArray(parent)
    ? `Unable to access invalid index: ${key}: invalid index referenced`
    : `Unable to remove nonexistent key: ${key}: missing value`;
  return `error in ${op} for path: '${named}': ${why}`;
}

function parentOf(document: unknown, path: string): object | undefined {
  let value = document;
  for (const step of path.split('/').slice(1, -1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    value = Array.isArray(value) ? value[Number(key)] : isJsonObject(value) ? getOwn(value, key) : undefined;
  }
  return typeof value === 'object' && value !== null ? value : undefined;
}
