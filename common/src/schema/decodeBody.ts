/** A request body from its text to a decoded object of a built-in kind: the steps of this folder in their order. */
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { StructType } from '#common/api/schemaType.ts';
import { decodeObject, type FieldValidation } from './decode.ts';
import { JsonSyntaxError, parseJson, type ParsedJson } from './parseJson.ts';
import { decodeProtobuf, type ProtobufBody, ProtobufError } from './protobuf.ts';
import { checkTypeMeta, unrecognizedBody } from './typeMeta.ts';

/** Throws an ApiError (400) with Kubernetes' words. `warnings` are the texts of Warning headers. */
export function decodeJsonBody(
  text: string,
  expected: GroupVersionKind,
  type: StructType,
  fieldValidation: FieldValidation,
): { object: KubeObject; warnings: string[] } {
  let parsed: ParsedJson;
  try {
    parsed = parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw unrecognizedBody(expected.kind, `couldn't get version/kind; json parse error: ${error.message}`, text);
  }
  const gvk = checkTypeMeta(parsed.value, expected, text);
  return decodeObject(type, gvk, parsed.value, { fieldValidation, duplicates: parsed.duplicates, layout: parsed.layout });
}

/** The same for a body in Kubernetes' protobuf encoding, which has neither duplicate nor unknown fields. */
export function decodeProtobufBody(
  bytes: Uint8Array,
  expected: GroupVersionKind,
  type: StructType,
): { object: KubeObject; warnings: string[] } {
  let body: ProtobufBody;
  try {
    body = decodeProtobuf(bytes, expected);
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw unrecognizedBody(expected.kind, error.message, bytes);
  }
  const gvk = checkTypeMeta(body.value, expected, bytes);
  return decodeObject(type, gvk, body.value, { fieldValidation: 'Ignore' });
}
