/** The parameters of operations. Their texts come with the data. */
import type { OpenApiData } from './openApiData.ts';
import type { Operation } from './operations.ts';

export interface Parameter {
  name: string;
  in: 'path' | 'query';
  type: 'string' | 'integer' | 'boolean';
  description: string;
  required?: boolean;
}

const booleans = new Set([
  'allowWatchBookmarks',
  'sendInitialEvents',
  'watch',
  'force',
  'orphanDependents',
  'ignoreStoreReadErrorWithClusterBreakingPotential',
  'follow',
  'previous',
  'timestamps',
  'insecureSkipTLSVerifyBackend',
  'stdin',
  'stdout',
  'stderr',
  'tty',
]);
const integers = new Set(['limit', 'timeoutSeconds', 'gracePeriodSeconds', 'limitBytes', 'sinceSeconds', 'tailLines', 'ports']);

const listParameters = [
  'allowWatchBookmarks',
  'continue',
  'fieldSelector',
  'labelSelector',
  'limit',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'shardSelector',
  'timeoutSeconds',
  'watch',
];
const deleteParameters = [
  'dryRun',
  'gracePeriodSeconds',
  'ignoreStoreReadErrorWithClusterBreakingPotential',
  'orphanDependents',
  'propagationPolicy',
];
const writeParameters = ['dryRun', 'fieldManager', 'fieldValidation'];

const byAction: Record<string, readonly string[]> = {
  list: listParameters,
  watch: listParameters,
  watchlist: listParameters,
  post: writeParameters,
  put: writeParameters,
  patch: [...writeParameters, 'force'],
  delete: deleteParameters,
  deletecollection: [
    ...new Set([...listParameters.filter((name) => name !== 'allowWatchBookmarks' && name !== 'watch'), ...deleteParameters]),
  ],
};

const bySubresource: Record<string, readonly string[]> = {
  log: [
    'container',
    'follow',
    'insecureSkipTLSVerifyBackend',
    'limitBytes',
    'previous',
    'sinceSeconds',
    'stream',
    'tailLines',
    'timestamps',
  ],
  exec: ['command', 'container', 'stderr', 'stdin', 'stdout', 'tty'],
  attach: ['container', 'stderr', 'stdin', 'stdout', 'tty'],
  portforward: ['ports'],
  proxy: ['path'],
};

function parameter(data: OpenApiData, name: string): Parameter {
  const type = booleans.has(name) ? 'boolean' : integers.has(name) ? 'integer' : 'string';
  return { name, in: 'query', type, description: data.parameterTexts[name] ?? '' };
}

/** What one operation takes in its query. */
export function queryParameters(data: OpenApiData, { action, subresource }: Operation): Parameter[] {
  const names = action === 'connect' || subresource === 'log' ? (bySubresource[subresource] ?? []) : (byAction[action] ?? []);
  return names.map((name) => parameter(data, name));
}

/** What all operations at a path take: its variable parts, and `pretty`. */
export function pathParameters(data: OpenApiData, { path, ownerKind, action }: Operation): Parameter[] {
  const texts: Record<string, string> = {
    name: `name of the ${ownerKind}`,
    namespace: data.parameterTexts['namespace'] ?? '',
    path: 'path to the resource',
  };
  const variables = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']): Parameter => {
    return { name, in: 'path', type: 'string', description: texts[name] ?? '', required: true };
  });
  return action === 'connect' ? variables : [...variables, parameter(data, 'pretty')];
}
