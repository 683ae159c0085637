/** Applies manifests, as `kubectl apply` would. */
import { parseApiVersion } from '#common/api/groupVersion.ts';
import type { APIResourceList } from '#common/schema/generated/types.ts';
import type { ApiConnection } from './apiConnection.ts';
import { ApiRefusal } from './apiConnection.ts';
import { CliError } from './cliError.ts';
import type { Manifest } from './manifests.ts';
import type { AnyObject } from './progress.ts';

export interface AppliedObject {
  /** `deployment/web`, with its namespace before it where that is not the default one. */
  readonly label: string;
  /** The list that the object is in, for watching it. */
  readonly collection: string;
  readonly object: AnyObject;
}

const fieldManager = 'kube-playground';
/** With it, whoever goes on with `kubectl apply` is not warned, and fields taken out of the manifest go. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Applies one manifest after the other. Throws CliError that names the file, and leaves what was applied before it. */
export async function applyManifests(api: ApiConnection, manifests: readonly Manifest[]): Promise<AppliedObject[]> {
  const applied: AppliedObject[] = [];
  for (const manifest of manifests) applied.push(await applyManifest(api, manifest));
  return applied;
}

async function applyManifest(api: ApiConnection, { file, object }: Manifest): Promise<AppliedObject> {
  const resource = await resourceOf(api, object.apiVersion, object.kind, file);
  const { group, version } = parseApiVersion(object.apiVersion);
  const namespace = resource.namespaced ? (object.metadata.namespace ?? 'default') : undefined;
  const collection = `${group ? `/apis/${group}` : '/api'}/${version}${namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${resource.name}`;
  const name = `${object.kind.toLowerCase()}/${object.metadata.name}`;
  const sent = withLastApplied({
    ...object,
    metadata: { ...object.metadata, ...(namespace === undefined ? {} : { namespace }) },
  });
  const path = `${collection}/${encodeURIComponent(object.metadata.name ?? '')}?fieldManager=${fieldManager}&force=true&fieldValidation=Strict`;
  try {
    const stored = await api.send<AnyObject>('PATCH', path, sent, 'application/apply-patch+yaml');
    return {
      label: namespace === undefined || namespace === 'default' ? name : `${namespace}/${name}`,
      collection,
      object: stored,
    };
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    throw new CliError(`${file} was refused: ${oneLine(error.message)}`);
  }
}

/** The same text as kubectl writes, so that applying the same manifest with it changes nothing. */
function withLastApplied(object: Manifest['object']): Manifest['object'] {
  const { [lastApplied]: _, ...annotations } = object.metadata.annotations ?? {};
  const text = JSON.stringify({ ...object, metadata: { ...object.metadata, annotations } }, sortedKeys).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [lastApplied]: `${text}\n` } } };
}

const sortedKeys = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** Several causes come as a list of lines. */
const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*\*?\s*/g, ' ').trim();

const discovered = new WeakMap<ApiConnection, Map<string, Promise<APIResourceList>>>();

/** What the API calls the objects of a kind. Throws CliError for a kind that it does not have. */
async function resourceOf(
  api: ApiConnection,
  apiVersion: string,
  kind: string,
  file: string,
): Promise<{ name: string; namespaced: boolean }> {
  let lists = discovered.get(api);
  if (!lists) discovered.set(api, (lists = new Map()));
  const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const pending = lists.get(path) ?? api.get<APIResourceList>(path);
  lists.set(path, pending);
  const list = await pending.catch((error: unknown) => {
    if (error instanceof ApiRefusal && error.code === 404) return undefined;
    throw error;
  });
  const found = list?.resources.find((resource) => resource.kind === kind && !resource.name.includes('/'));
  if (!found) {
    // The definition may come later in the same run.
    lists.delete(path);
    throw new CliError(
      `${file} was refused: this cluster has no kind ${kind} in ${apiVersion}; "kubectl api-resources" lists what it has.`,
    );
  }
  return found;
}
