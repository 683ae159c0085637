/** Applies objects to the playground by server-side apply, in the order in which they depend on each other. */
import { inApplyOrder } from '#common/api/applyOrder.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { ApiError, hasReason } from '#common/api/status.ts';
import { scalableKinds } from '#common/protocol/commands.ts';
import { applyPatch } from '#apiClient/apiClient.ts';
import type { Connection } from '../cluster/clusterSession.ts';
import { definitionOf, whenEstablished } from './establishedDefinition.ts';
import { fieldManager } from './fieldManager.ts';
import { ownersOf } from './fieldOwners.ts';
import { pathInSentence } from './fieldPath.ts';
import type { Manifest, ManifestDocument, TextRange } from './manifestDocuments.ts';

export interface ApplyProblem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly range: TextRange;
}

export interface ApplyOutcome<D extends ManifestDocument = ManifestDocument> {
  readonly document: D;
  readonly result: 'created' | 'changed' | 'unchanged' | 'failed' | 'conflict' | 'unknownKind';
  readonly problems: readonly ApplyProblem[];
  /** How many pods were wanted before and are wanted now, where that is another number. */
  readonly pods?: readonly [before: number, after: number];
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
    const outcome = await applyOne(connection, document, options);
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
  { force = false, signal }: ApplyOptions<D>,
): Promise<ApplyOutcome<D>> {
  const { api } = connection;
  let before: KubeObject | undefined;
  try {
    const path =
      (await pathOfManifest(connection, document.object)) ?? (await pathOfDefined(connection, document.object, signal));
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
    const pods = podsWanted(before, after);
    if (answer.code === 201 || !before) return { document, result: 'created', problems, after, ...(pods ? { pods } : {}) };
    if (before.metadata.resourceVersion === after.metadata.resourceVersion)
      return { document, result: 'unchanged', problems, before, after };
    return { document, result: 'changed', problems, before, after, ...(pods ? { pods } : {}) };
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

/** The definition may have been applied a moment before this, from another file. */
async function pathOfDefined(connection: Connection, object: Manifest, signal?: AbortSignal): Promise<string | undefined> {
  const definition = await definitionOf(connection.api, object.apiVersion, object.kind);
  if (!definition) return undefined;
  await whenEstablished(connection.api, definition, signal);
  return pathOfManifest(connection, object);
}

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

function podsWanted(before: KubeObject | undefined, after: KubeObject): [number, number] | undefined {
  if (!(scalableKinds as readonly string[]).includes(after.kind ?? '')) return undefined;
  const count = (object: KubeObject): number => (object as { spec?: { replicas?: number } }).spec?.replicas ?? 1;
  const [was, is] = [before ? count(before) : 0, count(after)];
  return was === is ? undefined : [was, is];
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
