/**
 * What a body says it is against what the URL serves: reads apiVersion and kind, fills in what is missing, and refuses in
 * Kubernetes' words what does not fit.
 */
import { apiVersionOf, type GroupVersionKind, parseApiVersion } from '#common/api/groupVersion.ts';
import { type ApiError, badRequest } from '#common/api/status.ts';
import { builtinKinds, isRetiredKind, typeOfKind } from './builtinTypes.ts';
import { DecodeError, decodeObject } from './decode.ts';

/** How Kubernetes' messages call the registry of built-in kinds. */
const schemeName = 'pkg/runtime/scheme.go:111';

/** Kinds of the core group that have no structure of their own in the tables. */
const untabledCoreKinds = new Set(['List', 'RangeAllocation', 'SerializedReference', 'PodStatusResult', 'NodeProxyOptions']);
/** Kinds that Kubernetes registers in every group version. */
const everywhere = new Set([
  'ListOptions',
  'DeleteOptions',
  'CreateOptions',
  'UpdateOptions',
  'PatchOptions',
  'GetOptions',
  'WatchEvent',
]);

/** Why a body cannot be read at all, with its first bytes: 400. */
export function unrecognizedBody(expectedKind: string, why: string, body: string | Uint8Array): ApiError {
  return badRequest(`the object provided is unrecognized (must be of type ${expectedKind}): ${why} (${summarize(body)})`);
}

const summaryLength = 30;

function summarize(body: string | Uint8Array): string {
  const bytes =
    typeof body === 'string' ? new TextEncoder().encode(body.slice(0, summaryLength + 1)) : body.subarray(0, summaryLength + 1);
  if (bytes.length === 0) return '<empty>';
  const head = bytes.subarray(0, summaryLength);
  const more = bytes.length > summaryLength ? ' ...' : '';
  if (bytes[0] === 0x7b) return new TextDecoder().decode(head) + more;
  return Array.from(head, (byte) => byte.toString(16).padStart(2, '0')).join('') + more;
}

const jsonTypeName = (value: unknown): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;

const unreadable = "couldn't get version/kind; json parse error: json: cannot unmarshal";
const goStruct = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/**
 * What the body says it is, completed by `expected` where it is silent; or the bare reason why that cannot be read.
 * Unlike everything else, Kubernetes finds these two fields in any case (`KIND`).
 */
export function readTypeMeta(value: unknown, expected: GroupVersionKind): { gvk: GroupVersionKind } | { problem: string } {
  if (value === null || value === undefined) return { gvk: expected };
  if (typeof value !== 'object' || Array.isArray(value))
    return { problem: `${unreadable} ${jsonTypeName(value)} into Go value of type ${goStruct}` };
  const stated = { apiVersion: '', kind: '' };
  for (const [key, given] of Object.entries(value)) {
    const name = key === 'kind' || key.toLowerCase() === 'kind' ? 'kind' : 'apiVersion';
    if ((name === 'apiVersion' && key.toLowerCase() !== 'apiversion') || given === null) continue;
    if (typeof given !== 'string')
      return { problem: `${unreadable} ${jsonTypeName(given)} into Go struct field .${name} of type string` };
    stated[name] = given;
  }
  if (stated.apiVersion.split('/').length > 2) return { problem: `unexpected GroupVersion string: ${stated.apiVersion}` };
  const { group, version } = parseApiVersion(stated.apiVersion);
  const kind = stated.kind || expected.kind;
  if (group === '' && version === '') return { gvk: { group: expected.group, version: expected.version, kind } };
  return { gvk: { group, version: version || (group === expected.group ? expected.version : ''), kind } };
}

/** These two groups have registries of kinds of their own; the third holds all other groups. */
const ownRegistries = new Set(['apiextensions.k8s.io', 'apiregistration.k8s.io']);
const registryOf = (group: string): string => (ownRegistries.has(group) ? group : '');
const oldOfOwnRegistries = new Set([
  'apiextensions.k8s.io/v1beta1/CustomResourceDefinition',
  'apiextensions.k8s.io/v1beta1/CustomResourceDefinitionList',
  'apiregistration.k8s.io/v1beta1/APIService',
  'apiregistration.k8s.io/v1beta1/APIServiceList',
]);

/** Whether the server of `servedGroup` has heard of the kind, served or not. */
export function isRegisteredKind(gvk: GroupVersionKind, servedGroup: string): boolean {
  if (gvk.group === '' && gvk.version === 'v1' && gvk.kind === 'Status') return true;
  if (everywhere.has(gvk.kind) && gvk.group === '' && gvk.version === 'v1') return true;
  if (registryOf(gvk.group) !== registryOf(servedGroup)) return false;
  if (typeOfKind(gvk) || isRetiredKind(gvk)) return true;
  if (oldOfOwnRegistries.has(`${gvk.group}/${gvk.version}/${gvk.kind}`)) return true;
  if (gvk.group === '') return gvk.version === 'v1' && untabledCoreKinds.has(gvk.kind);
  return everywhere.has(gvk.kind) && isGroupVersion(gvk);
}

function isGroupVersion({ group, version }: GroupVersionKind): boolean {
  groupVersions ??= new Set(builtinKinds().map(apiVersionOf));
  return groupVersions.has(apiVersionOf({ group, version }));
}
let groupVersions: Set<string> | undefined;

/** The bare reason for a kind that nobody has heard of. */
export const unregisteredKind = (gvk: GroupVersionKind): string =>
  `no kind "${gvk.kind}" is registered for version "${apiVersionOf(gvk)}" in scheme "${schemeName}"`;

/** The Go package of a group's internal types, which conversion messages name. */
const internalPackage = (group: string): string =>
  group === '' || group === 'events.k8s.io' ? 'core' : (group.split('.')[0] ?? '');

const otherInternalPackages: Record<string, string> = { 'internal.apiserver.k8s.io': 'apiserverinternal' };

/**
 * Checks apiVersion and kind of a parsed body that is sent to where the built-in kind `expected` is served; returns the
 * kind to decode as. `body` is the text as it was sent, for the message.
 */
export function checkTypeMeta(value: unknown, expected: GroupVersionKind, body: string | Uint8Array): GroupVersionKind {
  const read = readTypeMeta(value, expected);
  if ('problem' in read) throw unrecognizedBody(expected.kind, read.problem, body);
  const { gvk: stated } = read;
  if (stated.kind === expected.kind && stated.version === expected.version && stated.group === expected.group) return expected;
  if (!stated.version) {
    const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
    throw new DecodeError(stated, `Object 'apiVersion' is missing in '${text}'`, expected.kind);
  }
  if (!isRegisteredKind(stated, expected.group)) throw new DecodeError(stated, unregisteredKind(stated), expected.kind);
  // Evictions are taken in their old version too.
  if (stated.kind === 'Eviction' && stated.kind === expected.kind && stated.group === expected.group) return expected;
  // The body is first read as what it says it is, and may fail there.
  const ownType = typeOfKind(stated);
  if (ownType) decodeObject(ownType, stated, value, { fieldValidation: 'Ignore', expectedKind: expected.kind });
  if (stated.kind === expected.kind) {
    throw badRequest(
      `the API version in the data (${apiVersionOf(stated)}) does not match the expected API version (${apiVersionOf(expected)})`,
    );
  }
  const target = `${otherInternalPackages[expected.group] ?? internalPackage(expected.group)}.${expected.kind}`;
  throw new DecodeError(
    stated,
    `converting (${stated.version}.${stated.kind}) to (${target}): unknown conversion`,
    expected.kind,
  );
}
