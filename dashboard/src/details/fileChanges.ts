/**
 * What applying an object's file would change: the API server is asked to apply it without keeping the result, and both
 * states are compared. That shows defaults and fields of others as they are, which comparing texts cannot.
 */
import type { KubeObject } from '#common/api/meta.ts';
import { ApiError } from '#common/api/status.ts';
import type { ChangesMessage } from '#common/protocol/details.ts';
import { type ApiClient, applyPatch } from '#apiClient/apiClient.ts';
import { withQuery } from '#apiClient/apiPath.ts';
import { diffHunks } from './lineDiff.ts';
import { objectYaml } from './objectYaml.ts';
import { withHiddenValues } from './secretValues.ts';

/** The manifest that an object came from. */
export interface ManifestFile {
  /** As a person knows it. */
  readonly file: string;
  readonly object: KubeObject;
}

const fieldManager = 'kube-playground';

export async function fileChanges(
  api: ApiClient,
  path: string,
  stored: KubeObject,
  { file, object }: ManifestFile,
  revealed: boolean,
  signal: AbortSignal,
): Promise<ChangesMessage> {
  try {
    const query = { fieldManager, force: true, dryRun: 'All' };
    const applied = (await api.send<KubeObject>('PATCH', withQuery(path, query), object, applyPatch, signal)).object;
    const hidden = (one: KubeObject, other: KubeObject): KubeObject => (revealed ? one : withHiddenValues(one, other));
    const yaml = (each: KubeObject): Promise<string> => objectYaml(each, { managedFields: false, revealed: true });
    const [before, after] = [withoutBookkeeping(stored), withoutBookkeeping(applied)];
    const texts = await Promise.all([yaml(hidden(before, before)), yaml(hidden(after, before))]);
    return { type: 'changes', file, hunks: diffHunks(...texts) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { type: 'changes', file, hunks: [], problem: error.message };
  }
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** What every write changes, and the notes of another way to apply, say nothing of the file. */
function withoutBookkeeping(object: KubeObject): KubeObject {
  const { resourceVersion: _, generation: __, managedFields: ___, annotations, ...metadata } = object.metadata;
  const { [lastApplied]: ____, ...kept } = annotations ?? {};
  return { ...object, metadata: { ...metadata, ...(Object.keys(kept).length > 0 ? { annotations: kept } : {}) } };
}
