/**
 * Typed decoding: takes a parsed JSON value for what Kubernetes would make of it. The result is what the API server
 * prints back: unknown fields and nulls are gone, quantities and times are canonical, empty `omitempty` fields are left
 * out and fields that Kubernetes always prints are there. Refusals have Kubernetes' own words.
 */
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import { apiVersionOf } from '#common/api/groupVersion.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { StructType } from '#common/api/schemaType.ts';
import { ApiError } from '#common/api/status.ts';
import { Abort, DecodeContext } from './decodeContext.ts';
import { decodeCustomObject } from './decodeCustom.ts';
import { decodeStruct } from './decodeValue.ts';
import type { JsonLayout } from './jsonLayout.ts';
import { strictErrors } from './strictErrors.ts';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface DecodeOptions {
  fieldValidation: FieldValidation;
  /** Paths of keys that the JSON text has twice, from parseJson. */
  duplicates?: readonly string[];
  /** From parseJson: the order of the fields in the text and numbers as they were written, where that matters. */
  layout?: JsonLayout | undefined;
  /** The kind that the URL serves, where it is not the object's own. */
  expectedKind?: string;
}

/** A body that is no object of its kind: 400. `detail` is the bare reason, for callers that word the rest themselves. */
export class DecodeError extends ApiError {
  readonly detail: string;

  constructor(gvk: GroupVersionKind, detail: string, expectedKind: string = gvk.kind) {
    super(400, 'BadRequest', `${gvk.kind} in version "${gvk.version}" cannot be handled as a ${expectedKind}: ${detail}`);
    this.name = 'DecodeError';
    this.detail = detail;
  }
}

/**
 * Decodes `value` as an object of the kind `gvk`, whose structure is `type`. Throws a DecodeError; with `Warn`, unknown and
 * duplicate fields come back as the texts of warnings. The result is new and may be changed; free-form parts
 * (`any`, raw extensions) are shared with `value`.
 */
export function decodeObject(
  type: StructType,
  gvk: GroupVersionKind,
  value: unknown,
  options: DecodeOptions,
): { object: KubeObject; warnings: string[] } {
  const fail = (detail: string): DecodeError => new DecodeError(gvk, detail, options.expectedKind);
  if (type.custom) return decodeCustomObject(type, gvk, value, options, fail);
  const { result, warnings } = decodeAs(type, value, options, fail);
  const apiVersion = apiVersionOf(gvk);
  const body = result as Record<string, unknown>;
  const typed = body['apiVersion'] === apiVersion && body['kind'] === gvk.kind;
  const object = (typed ? body : { ...body, apiVersion, kind: gvk.kind }) as unknown as KubeObject;
  return { object, warnings };
}

/**
 * Decodes any structure (`spec` alone, a patched object, DeleteOptions). `fail` makes the error from the bare reason:
 * `json: cannot unmarshal …`, `strict decoding error: …`.
 */
export function decodeAs(
  type: StructType,
  value: unknown,
  options: Pick<DecodeOptions, 'fieldValidation' | 'duplicates' | 'layout'>,
  fail: (detail: string) => Error,
): { result: unknown; warnings: string[] } {
  const ctx = new DecodeContext(options.fieldValidation !== 'Ignore', options.layout);
  let result: unknown;
  try {
    result = decodeStruct(ctx, type, value ?? {});
  } catch (error) {
    if (error instanceof Abort) throw fail(error.message);
    throw error;
  }
  if (ctx.savedError !== undefined) throw fail(ctx.savedError);
  const hasDuplicates = options.duplicates !== undefined && options.duplicates.length > 0;
  if (!ctx.strict || (!ctx.unknownFields && !hasDuplicates)) return { result, warnings: [] };
  const problems = strictErrors(type, ctx.unknownFields ?? [], options.duplicates ?? [], options.layout);
  if (problems.length > 0 && options.fieldValidation === 'Strict') throw fail(`strict decoding error: ${problems.join(', ')}`);
  return { result, warnings: problems };
}
