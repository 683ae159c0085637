/** Applies objects to the playground by server-side apply, in the order in which they depend on each other. */
import { inApplyOrder } from '#common/api/applyOrder.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { ApiError, hasReason } from '#common/api/status.ts';
import { applyPatch } from '#apiClient/apiClient.ts';
import type { Connection } from '../cluster/clusterSession.ts';
import { whenEstablished } from './establishedDefinition.ts';
import { ownersOf } from './fieldOwners.ts';
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
  /** The object before the apply, where it existed. */
  readonly before?: KubeObject;
  /** The object after the apply, where that succeeded. */
  readonly after?: KubeObject;
  /** Of a conflict: whose fields it is about. */
  readonly owners?: readonly FieldOwner[];
}

export interface FieldOwner {
  /** `.spec.replicas` */
  readonly field: string;
  readonly manager: string;
}

interface ApplyOptions<D extends ManifestDocument> {
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  onOutcome?(outcome: ApplyOutcome<D>): void;
}

/** One outcome per document, in the order in which they were applied; a failure does not keep the others back. */
export async function applyDocuments<D extends ManifestDocument>(
  connection: Connection,
  documents: readonly D[],
  options: ApplyOptions<D> = {},
): Promise<ApplyOutcome<D>[]> {
  const outcomes: ApplyOutcome<D>[] = [];
  const definitions = new Map<string, KubeObject>();
  for (const document of inApplyOrder(documents, ({ object }) => object.kind)) {
    if (options.signal?.aborted) break;
    const { apiVersion, kind } = document.object;
    const definition = definitions.get(`${apiVersion.split('/')[0]} ${kind}`);
    if (definition) await whenEstablished(connection.api, definition, options.signal);
    const outcome = await applyOne(connection, document, options.force ?? false);
    if (kind === 'CustomResourceDefinition' && outcome.after) definitions.set(definedKind(outcome.after), outcome.after);
    outcomes.push(outcome);
    options.onOutcome?.(outcome);
  }
  return outcomes;
}

/** `example.com Widget` */
function definedKind(definition: KubeObject): string {
  const { spec } = definition as { spec?: { group?: string; names?: { kind?: string } } };
  return `${spec?.group ?? ''} ${spec?.names?.kind ?? ''}`;
}

async function applyOne<D extends ManifestDocument>(
  connection: Connection,
  document: D,
  force: boolean,
): Promise<ApplyOutcome<D>> {
  const { api } = connection;
  let before: KubeObject | undefined;
  try {
    const path = await pathOfManifest(connection, document.object);
    if (path === undefined) return { document, result: 'unknownKind', problems: [] };
    before = await api.get<KubeObject>(path).catch((error: unknown) => {
      if (hasReason(error, 'NotFound')) return undefined;
      throw error;
    });
    const apply = (take: boolean) =>
      api.send<KubeObject>('PATCH', `${path}?fieldManager=${fieldManager}&force=${take}`, document.object, applyPatch);
    const answer = await apply(force).catch((error: unknown) => {
      if (hasReason(error, 'Conflict') && ownersIn(before, error).every(({ manager }) => manager === fieldManager)) {
        // What was changed by this extension's own commands, such as scaling, gives way to the file.
        return apply(true);
      }
      throw error;
    });
    const after = answer.object;
    const problems = answer.warnings.map((message) => problemAt(document, 'warning', message, undefined));
    if (answer.code === 201 || !before) return { document, result: 'created', problems, after };
    if (before.metadata.resourceVersion === after.metadata.resourceVersion)
      return { document, result: 'unchanged', problems, before, after };
    const change = replicaChange(before, after);
    return { document, result: 'changed', problems, before, after, ...(change ? { change } : {}) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const problems = problemsOf(document, error);
    if (!hasReason(error, 'Conflict')) return { document, result: 'failed', problems };
    return { document, result: 'conflict', problems, owners: ownersIn(before, error) };
  }
}

/** Who owns the fields that the API refused to give away. */
function ownersIn(object: KubeObject | undefined, { details }: ApiError): FieldOwner[] {
  const entries = (object?.metadata.managedFields ?? []).filter(
    ({ manager, operation }) => !(manager === fieldManager && operation === 'Apply'),
  );
  return (details?.causes ?? []).flatMap(({ field = '' }) => {
    const owners = ownersOf(entries, field);
    return owners.length > 0 ? owners.map(({ manager = '' }) => ({ field, manager })) : [{ field, manager: '' }];
  });
}

const pathOfManifest = ({ resources, namespace }: Connection, object: Manifest): Promise<string | undefined> =>
  resources.pathOf({
    ...object,
    namespace: object.metadata.namespace ?? namespace,
    name: object.metadata.name ?? '',
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
export async function deleteObjects(connection: Connection, objects: readonly Manifest[]): Promise<DeletedObject[]> {
  const deleted: DeletedObject[] = [];
  for (const object of inApplyOrder(objects, ({ kind }) => kind).toReversed()) {
    try {
      const path = await pathOfManifest(connection, object);
      if (path !== undefined) await connection.api.send('DELETE', `${path}?propagationPolicy=Background`);
      deleted.push({ object });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      deleted.push(error.reason === 'NotFound' ? { object } : { object, problem: error.message });
    }
  }
  return deleted;
}
