/** The AdmissionReview that a webhook is sent, and the one that it answers with, in admission.k8s.io/v1 or v1beta1. */
import { jsonKindText } from '#common/api/goText.ts';
import { parseApiVersion } from '#common/api/groupVersion.ts';
import { getOwn, isJsonObject, type JsonObject } from '#common/api/ownProperty.ts';
import type { StatusDetails } from '#common/api/status.ts';
import type { RequestView } from '../matching/requestView.ts';
import { failedCall, invalidResponse } from './callFailure.ts';
import type { WebhookAnswer } from './callWebhook.ts';

const group = 'admission.k8s.io';
const knownVersions = ['v1', 'v1beta1'];

/** The first version that a webhook takes and this server speaks; validation has seen to it that there is one. */
export const reviewVersion = (accepted: readonly string[]): string =>
  accepted.find((version) => knownVersions.includes(version)) ?? 'v1';

export function reviewOf(version: string, uid: string, { description, object, oldObject }: RequestView): JsonObject {
  const { userInfo, dryRun, options, operation, namespace, name, ...kinds } = description;
  return {
    kind: 'AdmissionReview',
    apiVersion: `${group}/${version}`,
    request: {
      uid,
      ...kinds,
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      operation,
      userInfo,
      object: object ?? null,
      oldObject: oldObject ?? null,
      dryRun,
      options,
    },
  };
}

/** What a webhook says of a request it refuses. */
export interface RefusalStatus {
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: StatusDetails;
}

export interface Verdict {
  readonly allowed: boolean;
  readonly status?: RefusalStatus;
  readonly warnings: readonly string[];
  /** Still to be read. */
  readonly patch?: { readonly type: string; readonly text: string };
}

const typeMeta = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/** Throws CallFailure for what is no review of the request `uid` in `version`. */
export function verdictOf(answer: WebhookAnswer, version: string, uid: string, mutating: boolean): Verdict {
  const review = readReview(answer, version);
  const response = getOwn(review, 'response') ?? undefined;
  if (response === undefined) throw invalidResponse('webhook response was absent');
  if (!isJsonObject(response)) throw mistyped(response, 'AdmissionReview.response', 'v1.AdmissionResponse');
  const read = readResponse(response);
  if (version === 'v1') requireComplete(review, read, uid);
  if (read.patch !== undefined && !mutating) throw invalidResponse('validating webhook may not return response.patch');
  if (read.patchType !== undefined && !mutating) throw invalidResponse('validating webhook may not return response.patchType');
  const { allowed, status, warnings, patch } = read;
  return {
    allowed,
    warnings,
    ...(status ? { status } : {}),
    // The older version has no other type, and need not name it.
    ...(patch === undefined ? {} : { patch: { type: read.patchType ?? 'JSONPatch', text: patch } }),
  };
}

function readReview({ text, status, contentType }: WebhookAnswer, version: string): JsonObject {
  if (text === '') throw failedCall(`0-length response with status code: ${status} and content type: ${contentType}`);
  const review = parsed(text);
  if (!isJsonObject(review)) {
    throw failedCall(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonKindText(review)} into Go value of type ${typeMeta}`,
    );
  }
  const apiVersion = getOwn(review, 'apiVersion') ?? '';
  const kind = getOwn(review, 'kind') ?? '';
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    const [field, value] = typeof apiVersion === 'string' ? ['kind', kind] : ['apiVersion', apiVersion];
    throw failedCall(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonKindText(value)} into Go struct field .${field} of type string`,
    );
  }
  const stated = parseApiVersion(apiVersion);
  if (apiVersion === `${group}/${version}` && kind === 'AdmissionReview') return review;
  if (apiVersion === '' && kind === '') return review;
  if (stated.group === group && knownVersions.includes(stated.version) && kind === 'AdmissionReview') {
    throw failedCall(`converting (${stated.version}.AdmissionReview) to (${version}.AdmissionReview): unknown conversion`);
  }
  if (kind === '') throw failedCall(`Object 'Kind' is missing in '${text}'`);
  throw failedCall(
    `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
  );
}

/** What is no JSON is YAML to Kubernetes, where any text is at least a string. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

interface Response {
  readonly uid: string;
  readonly allowed: boolean;
  readonly status: RefusalStatus | undefined;
  readonly warnings: readonly string[];
  readonly patch: string | undefined;
  readonly patchType: string | undefined;
}

function readResponse(response: JsonObject): Response {
  const read = <T>(field: string, is: (value: unknown) => value is T, type: string): T | undefined => {
    const value = getOwn(response, field) ?? undefined;
    if (value === undefined) return undefined;
    if (!is(value)) throw mistyped(value, `AdmissionResponse.response.${field}`, type);
    return value;
  };
  return {
    uid: read('uid', isText, 'types.UID') ?? '',
    allowed: read('allowed', (value) => typeof value === 'boolean', 'bool') ?? false,
    status: statusOf(read('status', isJsonObject, 'v1.Status')),
    warnings: read('warnings', isTexts, '[]string') ?? [],
    // Nothing, to a list of bytes, is as good as none.
    patch: read('patch', isText, '[]uint8') || undefined,
    patchType: read('patchType', isText, 'v1.PatchType'),
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);

const mistyped = (value: unknown, field: string, type: string): Error =>
  failedCall(`json: cannot unmarshal ${jsonKindText(value)} into Go struct field ${field} of type ${type}`);

function statusOf(given: JsonObject | undefined): RefusalStatus | undefined {
  if (!given) return undefined;
  const { message, reason, code, details } = given;
  return {
    ...(isText(message) ? { message } : {}),
    ...(isText(reason) ? { reason } : {}),
    ...(typeof code === 'number' ? { code } : {}),
    ...(isJsonObject(details) ? { details: details as StatusDetails } : {}),
  };
}

/** What v1 asks of an answer beyond what v1beta1 did. */
function requireComplete(review: JsonObject, { uid, patch, patchType }: Response, expected: string): void {
  const kind = getOwn(review, 'kind') ?? '';
  if (kind !== 'AdmissionReview') {
    throw invalidResponse(`expected webhook response of ${group}/v1, Kind=AdmissionReview, got /, Kind=`);
  }
  if (uid !== expected) throw invalidResponse(`expected response.uid=${JSON.stringify(expected)}, got ${JSON.stringify(uid)}`);
  if (patch !== undefined && patchType === undefined) {
    throw invalidResponse('webhook returned response.patch but not response.patchType');
  }
  if (patch === undefined && patchType !== undefined) {
    throw invalidResponse('webhook returned response.patchType but not response.patch');
  }
}
