/**
 * What a body says it is against what the URL serves: reads apiVersion and kind, fills in what is missing, and refuses in
 * Kubernetes' words what does not fit.
 */
import { apiVersionOf, type GroupVersionKind, parseApiVersion } from '#common/api/groupVersion.ts';
import { type ApiError, badRequest } from '#common/api/status.ts';
import { isRetiredKind, typeOfKind } from './builtinTypes.ts';
import { DecodeError } from './decode.ts';

/** How Kubernetes' messages call the registry of built-in kinds. */
const schemeName = 'pkg/runtime/scheme.go:111';

/** Kinds of the core group that have no structure of their own in the tables. */
const untabledCoreKinds = new Set(['List', 'RangeAllocation', 'SerializedReference', 'PodStatusResult', 'NodeProxyOptions']);
/** Kinds that Kubernetes registers in every group version. */
const everywhere = new Set(['ListOptions', 'DeleteOptions', 'CreateOptions', 'UpdateOptions', 'PatchOptions', 'GetOptions', 'WatchEvent']);

/** Why a body cannot be read at all, with its first bytes: 400. */
export function unrecognizedBody(expectedKind: string, why: string, body: string | Uint8Array): ApiError {
  return badRequest(`the object provided is unrecognized (must be of type ${expectedKind}): ${why} (${summarize(body)})`);
}

const summaryLength = 30;

function summarize(body: string | Uint8Array): string {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body.slice(0, summaryLength + 1)) : body.subarray(0, summaryLength + 1);
  if (bytes.length === 0) return '<empty>';
  const head = bytes.subarray(0, summaryLength);
  const more = bytes.length > summaryLength ? ' ...' : '';
  if (bytes[0] === 0x7b) return new TextDecoder().decode(head) + more;
  return Array.from(head, (byte) => byte.toString(16).padStart(2, '0')).join('') + more;
}

const jsonTypeName = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value);

/** The bare reason why a parsed body has no readable apiVersion and kind, if so. */
export function typeMetaProblem(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  const prefix = "couldn't get version/kind; json parse error: json: cannot unmarshal";
  if (typeof value !== 'object' || Array.isArray(value)) {
    const go = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
    return `${prefix} ${jsonTypeName(value)} into Go value of type ${go}`;
  }
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record)) {
    const given = record[key];
    if ((key !== 'apiVersion' && key !== 'kind') || given === null || typeof given === 'string') continue;
    return `${prefix} ${jsonTypeName(given)} into Go struct field .${key} of type string`;
  }
  return undefined;
}

/** The body's own kind, completed by `expected` where it is silent. Call after `typeMetaProblem` found nothing. */
export function statedKind(value: unknown, expected: GroupVersionKind): GroupVersionKind {
  const { apiVersion, kind } = (value ?? {}) as { apiVersion?: string | null; kind?: string | null };
  const stated = apiVersion ? parseApiVersion(apiVersion) : { group: expected.group, version: expected.version };
  return { group: stated.group, version: stated.version || expected.version, kind: kind || expected.kind };
}

/** Whether Kubernetes has heard of the kind, served or not. */
export function isRegisteredKind(gvk: GroupVersionKind): boolean {
  if (typeOfKind(gvk) || isRetiredKind(gvk)) return true;
  if (everywhere.has(gvk.kind)) return true;
  return gvk.group === '' && gvk.version === 'v1' && (untabledCoreKinds.has(gvk.kind) || gvk.kind === 'Status');
}

/** The bare reason for a kind that nobody has heard of. */
export const unregisteredKind = (gvk: GroupVersionKind): string =>
  `no kind "${gvk.kind}" is registered for version "${apiVersionOf(gvk)}" in scheme "${schemeName}"`;

/** The Go package of a group's internal types, which conversion messages name. */
const internalPackage = (group: string): string => (group === '' || group === 'events.k8s.io' ? 'core' : (group.split('.')[0] ?? ''));

const otherInternalPackages: Record<string, string> = { 'internal.apiserver.k8s.io': 'apiserverinternal' };

/**
 * Checks apiVersion and kind of a parsed body that is sent to where the built-in kind `expected` is served; returns
 * the kind to decode as. `body` is the text as it was sent, for the message.
 */
export function checkTypeMeta(value: unknown, expected: GroupVersionKind, body: string | Uint8Array): GroupVersionKind {
  const problem = typeMetaProblem(value);
  if (problem) throw unrecognizedBody(expected.kind, problem, body);
  const stated = statedKind(value, expected);
  if (stated.kind === expected.kind && stated.version === expected.version && stated.group === expected.group) return expected;
  if (!isRegisteredKind(stated)) throw new DecodeError(stated, unregisteredKind(stated), expected.kind);
  if (stated.kind === expected.kind) {
    throw badRequest(
      `the API version in the data (${apiVersionOf(stated)}) does not match the expected API version (${apiVersionOf(expected)})`,
    );
  }
  const target = `${otherInternalPackages[expected.group] ?? internalPackage(expected.group)}.${expected.kind}`;
  throw new DecodeError(stated, `converting (${stated.version}.${stated.kind}) to (${target}): unknown conversion`, expected.kind);
}
