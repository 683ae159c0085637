/** Applies objects to the playground by server-side apply, in the order in which they depend on each other. */
import { inApplyOrder } from '#common/api/applyOrder.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { ApiError, hasReason } from '#common/api/status.ts';
import { applyPatch } from '#apiClient/apiClient.ts';
import type { Connection } from '../cluster/clusterSession.ts';
import { pathInSentence } from './fieldPath.ts';
import type { Manifest, ManifestDocument, TextRange } from './manifestDocuments.ts';

export const fieldManager = 'kube-playground';

export interface ApplyProblem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly range: TextRange;
}

export interface ApplyOutcome<D extends ManifestDocument = ManifestDocument> {
  readonly document: D;
  readonly result: 'created' | 'changed' | 'unchanged' | 'failed' | 'conflict' | 'unknownKind';
  readonly problems: readonly ApplyProblem[];
  /** `replicas 2 → 3`: what is worth saying of a change. */
  readonly change?: string;
}

/** One outcome per document, in the order in which they were applied; a failure does not keep the others back. */
export async function applyDocuments<D extends ManifestDocument>(
  connection: Connection,
  documents: readonly D[],
  options: { readonly force?: boolean; readonly signal?: AbortSignal; onOutcome?(outcome: ApplyOutcome<D>): void } = {},
): Promise<ApplyOutcome<D>[]> {
  const outcomes: ApplyOutcome<D>[] = [];
  for (const document of inApplyOrder(documents, ({ object }) => object.kind)) {
    if (options.signal?.aborted) break;
    const outcome = await applyOne(connection, document, options.force ?? false);
    outcomes.push(outcome);
    options.onOutcome?.(outcome);
  }
  return outcomes;
}

async function applyOne<D extends ManifestDocument>(
  { api, resources }: Connection,
  document: D,
  force: boolean,
): Promise<ApplyOutcome<D>> {
  try {
    const path = await resources.pathOf({ ...document.object, ...nameOf(document.object) });
    if (path === undefined) return { document, result: 'unknownKind', problems: [] };
    const before = await api.get<KubeObject>(path).catch((error: unknown) => {
      if (hasReason(error, 'NotFound')) return undefined;
      throw error;
    });
    const answer = await api.send<KubeObject>(
      'PATCH',
      `${path}?fieldManager=${fieldManager}&force=${force}`,
      document.object,
      applyPatch,
    );
    const problems = answer.warnings.map((message) => problemAt(document, 'warning', message, undefined));
    if (answer.code === 201 || !before) return { document, result: 'created', problems };
    if (before.metadata.resourceVersion === answer.object.metadata.resourceVersion)
      return { document, result: 'unchanged', problems };
    const change = replicaChange(before, answer.object);
    return { document, result: 'changed', problems, ...(change ? { change } : {}) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { document, result: hasReason(error, 'Conflict') ? 'conflict' : 'failed', problems: problemsOf(document, error) };
  }
}

const nameOf = ({ metadata }: Manifest): { namespace: string | undefined; name: string } => ({
  namespace: metadata.namespace,
  name: metadata.name ?? '',
});

/** One problem per cause that the API gave, each where its field stands. */
export function problemsOf(document: ManifestDocument, error: ApiError): ApplyProblem[] {
  const causes = error.details?.causes ?? [];
  if (causes.length === 0) return [problemAt(document, 'error', error.message, undefined)];
  return causes.map(({ field, message }) =>
    problemAt(document, 'error', [field, message].filter((part) => part).join(': '), field),
  );
}

function problemAt(
  document: ManifestDocument,
  severity: 'error' | 'warning',
  message: string,
  field: string | undefined,
): ApplyProblem {
  return { severity, message, range: document.rangeOf(field ?? pathInSentence(message) ?? '') };
}

function replicaChange(before: KubeObject, after: KubeObject): string | undefined {
  const count = (object: KubeObject): unknown => (object as { spec?: { replicas?: unknown } }).spec?.replicas;
  return typeof count(before) === 'number' && count(before) !== count(after)
    ? `replicas ${String(count(before))} → ${String(count(after))}`
    : undefined;
}

export interface DeletedObject {
  readonly object: Manifest;
  /** Undefined when it is gone or going; otherwise what the API said. */
  readonly problem?: string;
}

/** Deletes in the reverse order; what is not there is deleted already. */
export async function deleteObjects({ api, resources }: Connection, objects: readonly Manifest[]): Promise<DeletedObject[]> {
  const deleted: DeletedObject[] = [];
  for (const object of inApplyOrder(objects, ({ kind }) => kind).toReversed()) {
    try {
      const path = await resources.pathOf({ ...object, ...nameOf(object) });
      if (path !== undefined) await api.send('DELETE', `${path}?propagationPolicy=Background`);
      deleted.push({ object });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      deleted.push(error.reason === 'NotFound' ? { object } : { object, problem: error.message });
    }
  }
  return deleted;
}
