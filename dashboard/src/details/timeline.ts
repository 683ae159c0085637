/**
 * How an object came to be as it is: what the object itself and its events remember, and what was seen to change while
 * somebody watched. Pure.
 */
import type { KubeObject, ManagedFieldsEntry } from '#common/api/meta.ts';
import { isJsonObject } from '#common/api/ownProperty.ts';
import type { FoldedEvent, TimelineEntry } from '#common/protocol/details.ts';
import type { DetailsTexts } from '#common/protocol/detailsTexts.ts';
import type * as api from '#common/schema/generated/types.ts';
import { conditionsOf } from './objectState.ts';

const most = 300;

/** Newest first; what two sources tell alike is told once. */
export function timelineOf(
  object: KubeObject,
  events: readonly FoldedEvent[],
  seen: readonly TimelineEntry[],
  t: DetailsTexts,
): TimelineEntry[] {
  const entries = [...seen, ...remembered(object, t), ...events.map(eventEntry)];
  const unique = new Map<string, TimelineEntry>();
  for (const entry of entries) {
    // Events and states have whole seconds; what was seen is more exact.
    const key = `${entry.at.slice(0, 19)} ${entry.what} ${entry.detail ?? ''}`;
    if (entry.at && !unique.has(key)) unique.set(key, entry);
  }
  return [...unique.values()].sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, most);
}

const eventEntry = ({ type, reason, message, last, count, about }: FoldedEvent): TimelineEntry => ({
  at: last,
  what: `${reason}${about ? ` (${about.text})` : ''}${count > 1 ? ` ×${count}` : ''}`,
  detail: message,
  state: type === 'Warning' ? 'warning' : 'none',
});

function remembered(object: KubeObject, t: DetailsTexts): TimelineEntry[] {
  const { creationTimestamp = '', deletionTimestamp = '', managedFields = [] } = object.metadata;
  return [
    { at: creationTimestamp, what: t.created, state: 'none' },
    { at: deletionTimestamp, what: t.deletionBegan, state: 'warning' },
    ...conditionsOf(object).map(({ type, status, reason, message, lastTransitionTime = '' }): TimelineEntry => ({
      at: lastTransitionTime,
      what: `${type}: ${status}`,
      state: 'none',
      ...detail([reason, message]),
    })),
    ...managedFields.map((entry) => fieldsEntry(entry, t)),
    ...(object.kind === 'Pod' ? containerEntries(object as api.Pod, t) : []),
  ];
}

const detail = (parts: readonly (string | undefined)[]): { detail?: string } => {
  const text = parts.filter((part) => part).join(': ');
  return text ? { detail: text } : {};
};

function fieldsEntry(entry: ManagedFieldsEntry, t: DetailsTexts): TimelineEntry {
  const { manager = '', operation, time = '', subresource, fieldsV1 } = entry;
  const fields = ownedPaths(fieldsV1 ?? {});
  const shown = fields.slice(0, 6).join(', ');
  return {
    at: time,
    what: `${manager}: ${operation ?? ''}${subresource ? ` ${subresource}` : ''}`,
    state: 'none',
    ...(shown ? { detail: `${t.fields}: ${shown}${fields.length > 6 ? ', …' : ''}` } : {}),
  };
}

/** The first two names of each path, such as `spec.replicas`. */
function ownedPaths(fields: Readonly<Record<string, unknown>>): string[] {
  const names = (map: Readonly<Record<string, unknown>>): [string, unknown][] =>
    Object.entries(map).flatMap(([key, value]) => (key.startsWith('f:') ? [[key.slice(2), value]] : []));
  return names(fields).flatMap(([first, below]) => {
    const next = isJsonObject(below) ? names(below) : [];
    return next.length > 0 ? next.map(([second]) => `${first}.${second}`) : [first];
  });
}

function containerEntries({ status }: api.Pod, t: DetailsTexts): TimelineEntry[] {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return all.flatMap(({ name, state, lastState }) =>
    [state, lastState].flatMap((each): TimelineEntry[] => {
      if (each?.running) return [{ at: each.running.startedAt ?? '', what: `${name}: ${t.running}`, state: 'ok' }];
      if (!each?.terminated) return [];
      const { startedAt = '', finishedAt = '', exitCode, reason, message } = each.terminated;
      return [
        { at: startedAt, what: `${name}: ${t.running}`, state: 'ok' },
        {
          at: finishedAt,
          what: `${name}: ${t.terminated}, ${t.exitCode} ${exitCode}`,
          state: exitCode === 0 ? 'done' : 'failed',
          ...detail([reason, message?.trim()]),
        },
      ];
    }),
  );
}

/** What changed from one state of the object to the next, as it was seen at that time (RFC 3339). */
export function changesBetween(before: KubeObject, after: KubeObject, at: string, t: DetailsTexts): TimelineEntry[] {
  const [was, is] = [factsOf(before, t), factsOf(after, t)];
  const entries: TimelineEntry[] = [];
  for (const [what, value] of is) {
    const old = was.get(what);
    if (old !== value) entries.push({ at, what, detail: `${old ?? '–'} → ${value}`, state: 'none' });
  }
  for (const [what, value] of was) if (!is.has(what)) entries.push({ at, what, detail: `${value} → –`, state: 'none' });
  return entries;
}

const counts = ['replicas', 'readyReplicas', 'availableReplicas', 'updatedReplicas', 'active', 'succeeded', 'failed', 'numberReady', 'desiredNumberScheduled']; // prettier-ignore

/** What is worth telling of, by its name. */
function factsOf(object: KubeObject, t: DetailsTexts): Map<string, string> {
  const { spec = {}, status = {} } = object as { spec?: Record<string, unknown>; status?: Record<string, unknown> };
  const facts = new Map<string, string>();
  const put = (name: string, value: unknown): void => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') facts.set(name, String(value));
  };
  put('status.phase', status['phase']);
  put('spec.nodeName', spec['nodeName']);
  put('spec.replicas', spec['replicas']);
  put('spec.unschedulable', spec['unschedulable']);
  put('spec.suspend', spec['suspend']);
  put('spec.paused', spec['paused']);
  for (const name of counts) put(`status.${name}`, status[name]);
  put(t.generation, object.metadata.generation);
  for (const { type, status: truth, reason } of conditionsOf(object)) put(type, reason ? `${truth} (${reason})` : truth);
  if (object.kind === 'Pod') {
    const { initContainerStatuses = [], containerStatuses = [] } = (object as api.Pod).status ?? {};
    for (const { name, state, restartCount } of [...initContainerStatuses, ...containerStatuses]) {
      const now = state?.running
        ? t.running
        : state?.terminated
          ? (state.terminated.reason ?? t.terminated)
          : state?.waiting?.reason;
      put(name, now);
      if (restartCount > 0) put(`${name}: ${t.restarts}`, restartCount);
    }
  }
  return facts;
}
