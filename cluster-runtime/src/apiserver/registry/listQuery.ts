/** What a list or watch asks for: selectors, and which revision of the state. Wording as Kubernetes 1.36 answers. */
import { type FieldSelector, parseFieldSelector } from '#common/api/fieldSelector.ts';
import type { Selector } from '#common/api/labelSelector.ts';
import { parseLabelSelector } from '#common/api/labelSelectorParser.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { ApiError, badRequest } from '#common/api/status.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { ListQuery, WatchQuery } from './registry.ts';

/** Decides whether an object belongs to the answer. `everything` spares the calls. */
export interface ObjectFilter {
  readonly everything: boolean;
  /** The one name that can match, when the field selector says so. */
  readonly name: string | undefined;
  matches(object: KubeObject): boolean;
}

const everything: ObjectFilter = { everything: true, name: undefined, matches: () => true };

/** Throws 400 for selectors that do not parse, or name fields that cannot be selected by. */
export function objectFilter(kind: KindDefinition, query: Pick<ListQuery, 'labelSelector' | 'fieldSelector'>): ObjectFilter {
  if (!query.labelSelector && !query.fieldSelector) return everything;
  const labels = query.labelSelector ? parseLabelSelector(query.labelSelector) : undefined;
  const fields = query.fieldSelector ? parseFieldSelector(query.fieldSelector) : undefined;
  if (fields) requireSelectable(kind, fields);
  return {
    everything: false,
    name: fields?.requirements.find((r) => r.field === 'metadata.name' && r.operator === '=')?.value,
    matches: (object) => matchesLabels(labels, object) && (!fields || fields.matches(fieldsOf(kind, object))),
  };
}

const matchesLabels = (selector: Selector | undefined, object: KubeObject): boolean =>
  !selector || selector.matches(object.metadata.labels ?? {});

function requireSelectable(kind: KindDefinition, selector: FieldSelector): void {
  for (const { field } of selector.requirements) {
    if (field === 'metadata.name' || (field === 'metadata.namespace' && kind.namespaced)) continue;
    if (kind.selectableFieldNames?.includes(field)) continue;
    throw badRequest(
      kind.selectableFieldNames
        ? `field label not supported: ${field}`
        : `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
    );
  }
}

function fieldsOf(kind: KindDefinition, object: KubeObject): Record<string, string> {
  return {
    ...kind.selectableFields?.(object),
    'metadata.name': object.metadata.name ?? '',
    'metadata.namespace': object.metadata.namespace ?? '',
  };
}

/** Which state a list answers from. */
export type ListRevision = { type: 'latest'; atLeast?: number } | { type: 'exact'; revision: number };

/** The options have been checked one against the other at the edge; what is left are the values. Throws 400. */
export function listRevision(query: ListQuery): ListRevision {
  const { resourceVersion = '', resourceVersionMatch: match = '' } = query;
  if (query.continue) {
    if (resourceVersion !== '' && resourceVersion !== '0') {
      throw badRequest('specifying resource version is not allowed when using continue');
    }
    return { type: 'latest' };
  }
  if (resourceVersion === '') return { type: 'latest' };
  const revision = parseRevision(resourceVersion);
  if (revision === undefined)
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(resourceVersion)}: ${parseUintProblem(resourceVersion)}`,
    );
  if (match === 'Exact') return { type: 'exact', revision };
  // A limit with a resourceVersion and no match rule has always meant that very state.
  if (query.limit && query.limit > 0 && match === '' && revision > 0) return { type: 'exact', revision };
  return revision > 0 ? { type: 'latest', atLeast: revision } : { type: 'latest' };
}

/** How a watch starts: with what exists, or with the changes after a revision. */
export interface WatchStart {
  readonly from: { type: 'state'; atLeast: number; announceEnd: boolean } | { type: 'changesAfter'; revision: number };
}

export function watchStart(query: WatchQuery): WatchStart {
  const { resourceVersion = '', sendInitialEvents } = query;
  const revision = resourceVersion === '' ? 0 : parseRevision(resourceVersion);
  if (revision === undefined) throw resourceVersionInvalid(resourceVersion);
  if (sendInitialEvents === true) return { from: { type: 'state', atLeast: revision, announceEnd: true } };
  if (revision === 0 && sendInitialEvents !== false) return { from: { type: 'state', atLeast: 0, announceEnd: false } };
  return { from: { type: 'changesAfter', revision } };
}

/** Get and watch answer a malformed resourceVersion with a plain 500, list with 400. */
export const resourceVersionInvalid = (text: string): ApiError =>
  new ApiError(500, '', `resourceVersion: Invalid value: ${JSON.stringify(text)}: ${parseUintProblem(text)}`);

/** Why a text is no revision, in Go's words; undefined when it is one. */
export const revisionProblem = (text: string): string | undefined =>
  parseRevision(text) === undefined ? parseUintProblem(text) : undefined;

const parseUintProblem = (text: string): string =>
  /^\d+$/.test(text)
    ? `strconv.ParseUint: parsing ${JSON.stringify(text)}: value out of range`
    : `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;

/** A revision from its text; undefined when it is none. */
export function parseRevision(text: string): number | undefined {
  if (!/^\d{1,20}$/.test(text)) return undefined;
  const value = Number(text);
  return value < 2 ** 64 ? value : undefined;
}

/** The state that was asked for does not exist yet: 504, with the cause that clients wait and retry on. */
export const revisionTooLarge = (asked: number, current: number): ApiError =>
  new ApiError(504, 'Timeout', `Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
