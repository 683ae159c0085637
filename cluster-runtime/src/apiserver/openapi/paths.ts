/** The `paths` of documents, in the form of OpenAPI v3 or v2. */
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import type { OpenApiData } from './openApiData.ts';
import { type Operation, operationId } from './operations.ts';
import { type Parameter, pathParameters, queryParameters } from './parameters.ts';
import { type OpenApiVersion, refPrefix } from './schemas.ts';

const metaV1 = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const answerTypes = ['application/json', 'application/yaml'];
const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

/** `schemaName` finds the schema of a kind. */
export interface PathContext {
  data: OpenApiData;
  version: OpenApiVersion;
  custom: boolean;
  schemaName(gvk: GroupVersionKind): string | undefined;
  /** Whether a DELETE answers with the object rather than with a Status. */
  deleteAnswersObject(gvk: GroupVersionKind): boolean;
}

export function pathsOf(ctx: PathContext, key: string, operations: readonly Operation[]): Record<string, unknown> {
  const byPath = new Map<string, Operation[]>();
  for (const operation of operations) byPath.set(operation.path, [...(byPath.get(operation.path) ?? []), operation]);
  const paths: Record<string, unknown> = {};
  for (const path of [...byPath.keys()].sort()) paths[path] = pathItem(ctx, key, byPath.get(path) ?? []);
  return paths;
}

/** Parameters that all operations at a path have in common stand at the path. */
function pathItem(ctx: PathContext, key: string, operations: readonly Operation[]): object {
  const [first] = operations;
  if (!first) return {};
  const queries = operations.map((operation) => queryParameters(ctx.data, operation));
  const isShared = ({ name }: Parameter): boolean =>
    queries.every((query) => query.some((other) => other.name === name && other.in === 'query'));
  const shared = (queries[0] ?? []).filter(isShared);
  const atPath = first.gvk ? [...shared, ...pathParameters(ctx.data, first)] : shared;
  const write = ctx.version === 3 ? operationV3 : operationV2;
  return {
    ...Object.fromEntries(
      operations.map((operation, i) => [
        operation.method,
        write(
          ctx,
          key,
          operation,
          (queries[i] ?? []).filter((parameter) => !isShared(parameter)),
        ),
      ]),
    ),
    ...(atPath.length ? { parameters: atPath.map((parameter) => parameterOf(parameter, ctx.version)) } : {}),
  };
}

const parameterOf = ({ name, in: place, type, description, required }: Parameter, version: OpenApiVersion): object => ({
  name,
  in: place,
  ...(description ? { description } : {}),
  ...(required ? { required } : {}),
  ...(version === 3 ? { schema: { type, uniqueItems: true } } : { type, uniqueItems: true }),
});

const tagOf = (key: string): string => {
  const [root, group = '', version = ''] = key.split('/');
  if (root === 'api') return group ? `core_${group}` : 'core';
  return root === 'apis'
    ? [(group || 'apis').replace(/\.(?:k8s\.io|authorization\.k8s\.io|apiserver\.k8s\.io)$/, ''), version]
        .filter(Boolean)
        .join('_')
    : (root ?? '');
};

const phrases: Record<string, (kind: string) => string> = {
  get: (kind) => `read the specified ${kind}`,
  list: (kind) => `list or watch objects of kind ${kind}`,
  post: (kind) => `create a ${kind}`,
  put: (kind) => `replace the specified ${kind}`,
  patch: (kind) => `partially update the specified ${kind}`,
  delete: (kind) => `delete a ${kind}`,
  deletecollection: (kind) => `delete collection of ${kind}`,
  watch: (kind) =>
    `watch changes to an object of kind ${kind}. deprecated: use the 'watch' parameter with a list operation instead.`,
  watchlist: (kind) =>
    `watch individual changes to a list of ${kind}. deprecated: use the 'watch' parameter with a list operation instead.`,
};

function describe({ action, method, subresource, ownerKind, gvk }: Operation): string {
  if (!gvk) return 'get what is available';
  if (action === 'connect') return `connect ${method.toUpperCase()} requests to ${subresource} of ${ownerKind}`;
  if (!subresource) return phrases[action]?.(gvk.kind) ?? action;
  return action === 'post'
    ? `create ${subresource} of a ${ownerKind}`
    : (phrases[action]?.(ownerKind) ?? action).replace('the specified', `${subresource} of the specified`);
}

/** Names of the schemas that go in and come out; undefined for a plain text or nothing. */
function bodies(ctx: PathContext, { action, subresource, gvk, path }: Operation): { input?: string; output?: string } {
  const own = gvk && ctx.schemaName(gvk);
  if (!gvk) return discoveryOutput(path);
  if (action === 'connect' || subresource === 'log') return {};
  const listName = gvk && ctx.schemaName({ ...gvk, kind: `${gvk.kind}List` });
  const named = (input: string | undefined, output: string | undefined): { input?: string; output?: string } => ({
    ...(input ? { input } : {}),
    ...(output ? { output } : {}),
  });
  switch (action) {
    case 'list':
      return named(undefined, listName);
    case 'watch':
    case 'watchlist':
      return named(undefined, `${metaV1}.WatchEvent`);
    case 'patch':
      return named(`${metaV1}.Patch`, own);
    case 'delete':
    case 'deletecollection':
      if (action === 'delete' && ctx.deleteAnswersObject(gvk)) return named(`${metaV1}.DeleteOptions`, own);
      return named(`${metaV1}.DeleteOptions`, `${metaV1}.Status`);
    case 'get':
      return named(undefined, own);
    default:
      return named(own, own);
  }
}

/** What the addresses that hold no objects answer with. */
function discoveryOutput(path: string): { output?: string } {
  const parts = path.split('/').filter(Boolean);
  if (parts[0] === 'version') return { output: 'io.k8s.apimachinery.pkg.version.Info' };
  if (parts[0] !== 'api' && parts[0] !== 'apis') return {};
  const forms = parts[0] === 'api' ? ['APIVersions', 'APIResourceList'] : ['APIGroupList', 'APIGroup', 'APIResourceList'];
  return { output: `${metaV1}.${forms[parts.length - 1] ?? 'APIResourceList'}` };
}

const goodCodes: Record<string, Record<string, string>> = {
  post: { 200: 'OK', 201: 'Created', 202: 'Accepted' },
  put: { 200: 'OK', 201: 'Created' },
  patch: { 200: 'OK', 201: 'Created' },
  delete: { 200: 'OK', 202: 'Accepted' },
};

const codesOf = (action: string): [string, string][] => Object.entries(goodCodes[action] ?? { 200: 'OK' });

const kubernetesMarks = ({ action, gvk }: Operation): object =>
  gvk
    ? {
        'x-kubernetes-action': action,
        'x-kubernetes-group-version-kind': { group: gvk.group, version: gvk.version, kind: gvk.kind },
      }
    : {};

/** Custom resources know no strategic merge patch. */
const patchTypesOf = (ctx: PathContext): string[] => patchTypes.filter((type) => !ctx.custom || !type.includes('strategic'));

function outputTypes({ action, subresource }: Operation): string[] {
  if (action === 'connect') return ['*/*'];
  if (subresource === 'log') return [...answerTypes, 'text/plain'];
  return action === 'list' || action.startsWith('watch') ? [...answerTypes, 'application/json;stream=watch'] : answerTypes;
}

function operationV3(ctx: PathContext, key: string, operation: Operation, query: readonly Parameter[]): object {
  const { input, output } = bodies(ctx, operation);
  const schema = (name: string): object => ({ schema: { $ref: refPrefix(3) + name } });
  const inputTypes = operation.action === 'patch' ? patchTypesOf(ctx) : ['*/*'];
  const parameters = query.map((p) => parameterOf(p, 3));
  const content = outputTypes(operation).map((type) => [type, output ? schema(output) : { schema: { type: 'string' } }]);
  return {
    tags: [tagOf(key)],
    description: describe(operation),
    operationId: operationId(key, operation),
    ...(parameters.length ? { parameters } : {}),
    ...(input
      ? {
          requestBody: {
            content: Object.fromEntries(inputTypes.map((type) => [type, schema(input)])),
            ...(operation.action.startsWith('delete') ? {} : { required: true }),
          },
        }
      : {}),
    responses: {
      ...Object.fromEntries(
        codesOf(operation.action).map(([code, description]) => [
          code,
          { description, content: Object.fromEntries(content) as object },
        ]),
      ),
      401: { description: 'Unauthorized' },
    },
    ...kubernetesMarks(operation),
  };
}

function operationV2(ctx: PathContext, key: string, operation: Operation, query: readonly Parameter[]): object {
  const { input, output } = bodies(ctx, operation);
  const schema = (name: string): object => ({ $ref: refPrefix(2) + name });
  const body = input
    ? [{ name: 'body', in: 'body', schema: schema(input), ...(operation.action.startsWith('delete') ? {} : { required: true }) }]
    : [];
  const parameters = [...body, ...query.map((p) => parameterOf(p, 2))];
  return {
    description: describe(operation),
    consumes: operation.action === 'patch' ? patchTypesOf(ctx) : ['*/*'],
    produces: outputTypes(operation),
    schemes: ['https'],
    tags: [tagOf(key)],
    operationId: operationId(key, operation),
    ...(parameters.length ? { parameters } : {}),
    responses: {
      ...Object.fromEntries(
        codesOf(operation.action).map(([code, description]) => [
          code,
          { description, schema: output ? schema(output) : { type: 'string' } },
        ]),
      ),
      401: { description: 'Unauthorized' },
    },
    ...kubernetesMarks(operation),
  };
}
