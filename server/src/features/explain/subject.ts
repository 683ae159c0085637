/** What is explained: an object as it is written, as it is in the cluster, or both; and the ways to say that. */
import { parseApiVersion } from '#common/api/groupVersion.ts';
import { controllerOf, type UntypedObject } from '#common/api/meta.ts';
import { isJsonObject } from '#common/api/ownProperty.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { KindName } from '../../facts/liveFacts.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { ManifestObject } from '../../workspace/manifestObject.ts';
import type { ExplainState, ExplainStep, Location } from '../feature.ts';

export interface Subject extends KindName {
  readonly namespace: string;
  readonly name: string;
  readonly written: ManifestObject | undefined;
  readonly live: UntypedObject | undefined;
}

export interface ExplainContext {
  readonly snapshot: Snapshot;
  /** The step of another object, unless it is being explained already. */
  explain(subject: Subject): ExplainStep | undefined;
  /** It has not been told of yet; from now on it has. */
  isNew(subject: Subject): boolean;
}

export const titleOf = ({ kind, name }: Pick<Subject, 'kind' | 'name'>): string => `${kind}/${name}`;

/** Whatever has the name, in the workspace and in the cluster. */
export function subjectNamed({ graph, facts }: Snapshot, { group, kind }: KindName, namespace: string, name: string): Subject {
  const [written] = graph.objectsNamed({ group, kind }, namespace, name);
  return { group, kind, namespace, name, written, live: facts.get({ group, kind }, namespace, name) };
}

export const subjectOf = (snapshot: Snapshot, object: ManifestObject): Subject => ({
  ...subjectNamed(snapshot, object.gvk, object.namespace, object.name),
  written: object,
});

export function liveSubject({ graph }: Snapshot, live: UntypedObject): Subject {
  const { group } = parseApiVersion(live.apiVersion ?? 'v1');
  const { name = '', namespace = '' } = live.metadata;
  const kind = live.kind ?? '';
  const [written] = graph.objectsNamed({ group, kind }, namespace, name);
  return { group, kind, namespace, name, written, live };
}

export const isThere = ({ written, live }: Subject): boolean => written !== undefined || live !== undefined;

export const locationOf = (object: ManifestObject, path?: string): Location => ({
  uri: object.uri,
  range: { start: object.document.start, end: object.document.end },
  selection: object.rangeFor(path ?? 'metadata.name'),
});

/** Where it is: a link into the text, and which object of the cluster it is. */
export function placesOf({ kind, namespace, name, written, live }: Subject): Pick<ExplainStep, 'location' | 'live'> {
  return {
    ...(written ? { location: locationOf(written) } : {}),
    ...(live ? { live: { apiVersion: live.apiVersion ?? 'v1', kind, namespace, name } } : {}),
  };
}

export const step = (title: string, state: ExplainState, rest: Partial<ExplainStep> = {}): ExplainStep => ({
  title,
  state,
  ...rest,
  because: rest.because ?? [],
});

export const detail = (text: string | undefined): { detail?: string } => (text ? { detail: text } : {});

/** The worst of several: what is bad before what is waited for. */
export function worst(steps: readonly ExplainStep[], otherwise: ExplainState): ExplainState {
  const order: readonly ExplainState[] = ['bad', 'waiting', 'unknown'];
  return order.find((state) => steps.some((each) => each.state === state)) ?? otherwise;
}

/** `status` and `spec` of a live object, as far as they are there. */
export const fieldsOf = (object: UntypedObject | undefined, field: string): Readonly<Record<string, unknown>> => {
  const value = object?.[field];
  return isJsonObject(value) ? value : {};
};

/** The live objects of a kind that one controls. */
export const controlledBy = (
  { facts }: Snapshot,
  kind: KindName,
  { kind: ownerKind, name, namespace, live }: Subject,
): UntypedObject[] =>
  facts.list(kind, namespace).filter((object) => {
    const owner = controllerOf(object);
    return owner?.kind === ownerKind && owner.name === name && (!live?.metadata.uid || owner.uid === live.metadata.uid);
  });

const eventKind = { group: '', kind: 'Event' };
const mostEvents = 3;

/** The last warnings about an object, the newest first. */
export function warningSteps(
  { facts, l10n }: Snapshot,
  { kind, name, namespace }: Pick<Subject, 'kind' | 'name' | 'namespace'>,
): ExplainStep[] {
  const events = facts.list(eventKind, namespace || undefined) as unknown as api.Event[];
  return events
    .filter(({ type, involvedObject }) => type === 'Warning' && involvedObject?.kind === kind && involvedObject.name === name)
    .toSorted((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1))
    .slice(0, mostEvents)
    .map(({ reason = 'Warning', message, count }) => {
      const title = count && count > 1 ? l10n.t('Event: {0} ({1} times)', reason, count) : l10n.t('Event: {0}', reason);
      return step(title, 'bad', detail(message));
    });
}

const timeOf = ({ lastTimestamp, eventTime, metadata }: api.Event): string =>
  lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '';

/** Conditions that say something is wrong. */
export function conditionSteps(
  { l10n }: Snapshot,
  live: UntypedObject | undefined,
  wanted: Readonly<Record<string, 'True' | 'False'>>,
): ExplainStep[] {
  const conditions = fieldsOf(live, 'status')['conditions'];
  return (Array.isArray(conditions) ? conditions : []).filter(isJsonObject).flatMap(({ type, status, reason, message }) => {
    if (typeof type !== 'string' || !Object.hasOwn(wanted, type) || wanted[type] === status || status === 'Unknown') return [];
    const title =
      typeof reason === 'string'
        ? l10n.t('{0} is {1}: {2}', type, String(status), reason)
        : l10n.t('{0} is {1}', type, String(status));
    return [step(title, 'bad', detail(typeof message === 'string' ? message : undefined))];
  });
}
