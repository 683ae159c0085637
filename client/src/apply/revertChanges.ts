/** Takes an apply back over the API. What somebody else has deleted or made anew meanwhile is left alone. */
import type { KubeObject } from '#common/api/meta.ts';
import { ApiError, hasReason } from '#common/api/status.ts';
import { applyPatch, mergePatch } from '#apiClient/apiClient.ts';
import { withQuery } from '#apiClient/apiPath.ts';
import type { Connection } from '../cluster/clusterSession.ts';
import { type AppliedChange, patchBack, planRevert, type Recreate, type Restore } from '../plans/revert.ts';
import { fieldManager } from './fieldManager.ts';
import type { AppliedObject } from './appliedRecord.ts';
import type { Manifest } from './manifestDocuments.ts';

export interface RevertResult {
  readonly deleted: number;
  readonly restored: number;
  /** What the API said against it. */
  readonly problems: readonly string[];
}

export async function revertChanges(connection: Connection, changes: readonly AppliedChange[]): Promise<RevertResult> {
  const plan = planRevert(changes, fieldManager);
  const problems: string[] = [];
  const attempt = async (act: () => Promise<boolean>): Promise<number> => {
    try {
      return (await act()) ? 1 : 0;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      problems.push(error.message);
      return 0;
    }
  };
  let [deleted, restored] = [0, 0];
  for (const object of plan.remove) deleted += await attempt(() => remove(connection, object));
  for (const each of plan.recreate) restored += await attempt(() => recreate(connection, each));
  for (const each of plan.restore) restored += await attempt(() => restore(connection, each));
  return { deleted, restored, problems };
}

/** Of what is remembered, what is still there as the same object; as it is now. */
export async function stillThere({ api, resources }: Connection, objects: readonly AppliedObject[]): Promise<Manifest[]> {
  const found: Manifest[] = [];
  for (const object of objects) {
    const path = await resources.pathOf(object);
    if (path === undefined) continue;
    const live = await api.get<Manifest>(path).catch((error: unknown) => {
      if (hasReason(error, 'NotFound')) return undefined;
      throw error;
    });
    if (live?.metadata.uid === object.uid && !live.metadata.deletionTimestamp) found.push(live);
  }
  return found;
}

/** Deletes it as long as it is the same object. */
async function remove({ api, resources }: Connection, { apiVersion = '', kind = '', metadata }: KubeObject): Promise<boolean> {
  const path = await resources.pathOf({ apiVersion, kind, namespace: metadata.namespace, name: metadata.name ?? '' });
  if (path === undefined) return false;
  const options = { propagationPolicy: 'Background', preconditions: { uid: metadata.uid } };
  try {
    await api.send('DELETE', path, options);
    return true;
  } catch (error) {
    if (hasReason(error, 'NotFound') || hasReason(error, 'Conflict')) return false;
    throw error;
  }
}

/** Only where nothing has taken its place. */
async function recreate({ api, resources }: Connection, { object, applied }: Recreate): Promise<boolean> {
  const { apiVersion = '', kind = '', metadata } = object;
  const path = await resources.pathOf({ apiVersion, kind, namespace: metadata.namespace, name: metadata.name ?? '' });
  if (path === undefined) return false;
  const isFree = await api.get(path).then(
    () => false,
    (error: unknown) => {
      if (hasReason(error, 'NotFound')) return true;
      throw error;
    },
  );
  if (isFree) await api.send('PATCH', withQuery(path, { fieldManager }), applied, applyPatch);
  return isFree;
}

async function restore({ api, resources }: Connection, { object, applied, before, formerOwner }: Restore): Promise<boolean> {
  const { apiVersion = '', kind = '', metadata } = object;
  const path = await resources.pathOf({ apiVersion, kind, namespace: metadata.namespace, name: metadata.name ?? '' });
  if (path === undefined) return false;
  const live = await api.get<KubeObject>(path).catch((error: unknown) => {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  });
  if (!live || live.metadata.uid !== metadata.uid) return false;
  // Others get their fields back first: a field that nobody owned for a moment would be gone, and some are required.
  const patch = formerOwner === undefined ? undefined : patchBack(live, before);
  if (patch) await api.send('PATCH', withQuery(path, { fieldManager: formerOwner }), patch, mergePatch);
  await api.send('PATCH', withQuery(path, { fieldManager, force: true }), applied, applyPatch);
  return true;
}
