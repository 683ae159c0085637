/** Applies manifests (server-side apply) and follows their objects until they are ready. */
import { parseApiVersion } from '#common/api/groupVersion.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { APIResourceList, DaemonSet, Deployment, Job, Pod, ReplicaSet, StatefulSet } from '#common/schema/generated/types.ts';
import type { ApiConnection } from './apiConnection.ts';
import { CliError } from './cliError.ts';
import type { Manifest } from './manifests.ts';

export interface AppliedObject {
  readonly label: string;
  readonly path: string;
  /** The list that the object is in, for watching it. */
  readonly collection: string;
  readonly object: KubeObject & { kind: string };
}

/** Applies one manifest after the other; `onApplied` hears of each. Throws CliError that names the file. */
export async function applyManifests(api: ApiConnection, manifests: readonly Manifest[], onApplied: (applied: AppliedObject) => void): Promise<AppliedObject[]> {
  const applied: AppliedObject[] = [];
  for (const { file, object } of manifests) {
    const resource = await resourceOf(api, object.apiVersion, object.kind, file);
    const { group, version } = parseApiVersion(object.apiVersion);
    const namespace = resource.namespaced ? (object.metadata.namespace ?? 'default') : undefined;
    const collection = `${group ? `/apis/${group}` : '/api'}/${version}${namespace ? `/namespaces/${namespace}` : ''}/${resource.name}`;
    const path = `${collection}/${object.metadata.name}`;
    try {
      const stored = await api.send<AppliedObject['object']>('PATCH', `${path}?fieldManager=kube-playground&force=true`, JSON.stringify(object), 'application/apply-patch+yaml');
      const entry = { label: `${object.kind.toLowerCase()}/${object.metadata.name}`, path, collection, object: stored };
      applied.push(entry);
      onApplied(entry);
    } catch (error) {
      throw new CliError(`${file}: ${(error as Error).message}`);
    }
  }
  return applied;
}

const discovered = new WeakMap<ApiConnection, Map<string, Promise<APIResourceList>>>();

async function resourceOf(api: ApiConnection, apiVersion: string, kind: string, file: string): Promise<{ name: string; namespaced: boolean }> {
  let lists = discovered.get(api);
  if (!lists) discovered.set(api, (lists = new Map()));
  const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const pending = lists.get(path) ?? api.get<APIResourceList>(path);
  lists.set(path, pending);
  const list = await pending.catch(() => undefined);
  const found = list?.resources.find((resource) => resource.kind === kind && !resource.name.includes('/'));
  if (!found) {
    // The definition may come later in the same run.
    lists.delete(path);
    throw new CliError(`${file}: this cluster has no kind ${kind} in ${apiVersion}.`);
  }
  return found;
}

/** How far an object is. `text` is for people: `1/2 ready`. */
export interface Progress {
  readonly done: boolean;
  readonly text: string;
}

/** Whether the object has become what was asked for. Kinds that just exist are done at once. */
export function progressOf(object: KubeObject & { kind: string }): Progress {
  const count = (have: number | undefined, want: number): Progress => ({ done: (have ?? 0) >= want, text: `${have ?? 0}/${want} ready` });
  switch (object.kind) {
    case 'Deployment': {
      const { spec, status, metadata } = object as Deployment;
      const want = spec?.replicas ?? 1;
      if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0)) return { done: false, text: 'waiting' };
      return (status?.updatedReplicas ?? 0) < want ? { done: false, text: `${status?.updatedReplicas ?? 0}/${want} updated` } : count(status?.availableReplicas, want);
    }
    case 'ReplicaSet':
    case 'ReplicationController':
    case 'StatefulSet': {
      const { spec, status } = object as ReplicaSet | StatefulSet;
      return count(status?.readyReplicas, spec?.replicas ?? 1);
    }
    case 'DaemonSet': {
      const { status } = object as DaemonSet;
      return count(status?.numberReady, status?.desiredNumberScheduled ?? 1);
    }
    case 'Job': {
      const { spec, status } = object as Job;
      const want = spec?.completions ?? 1;
      return { done: (status?.succeeded ?? 0) >= want, text: `${status?.succeeded ?? 0}/${want} complete` };
    }
    case 'Pod': {
      const { status } = object as Pod;
      const ready = status?.phase === 'Succeeded' || status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true;
      return { done: ready, text: ready ? 'ready' : (status?.phase ?? 'Pending') };
    }
    default:
      return { done: true, text: 'created' };
  }
}

/** Follows one object until it is ready or the signal aborts; `onProgress` hears of each step. */
export async function followUntilReady(api: ApiConnection, applied: AppliedObject, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<void> {
  const first = progressOf(applied.object);
  onProgress(first);
  if (first.done) return;
  await api.watch<AppliedObject['object']>(
    `${applied.collection}?watch=true&fieldSelector=metadata.name%3D${applied.object.metadata.name}`,
    (type, object) => {
      if (type !== 'ADDED' && type !== 'MODIFIED') return false;
      const progress = progressOf(object);
      onProgress(progress);
      return progress.done;
    },
    signal,
  );
}
