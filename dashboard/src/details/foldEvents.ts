/** Events in the order in which they were last seen, the newest first; what repeats is one entry that counts. Pure. */
import type { FoldedEvent } from '#common/protocol/details.ts';
import type * as api from '#common/schema/generated/types.ts';

/** `uid` is the object's whose page it is; events of others say whose they are. */
export function foldEvents(events: readonly api.Event[], uid: string): FoldedEvent[] {
  const folded = new Map<string, FoldedEvent>();
  for (const event of events) {
    const entry = foldedOf(event, uid);
    const key = JSON.stringify([entry.type, entry.reason, entry.message, entry.source, event.involvedObject.uid]);
    const before = folded.get(key);
    folded.set(
      key,
      before
        ? {
            ...entry,
            count: before.count + entry.count,
            first: earlier(before.first, entry.first),
            last: before.last > entry.last ? before.last : entry.last,
          }
        : entry,
    );
  }
  return [...folded.values()].sort((a, b) => (a.last < b.last ? 1 : a.last > b.last ? -1 : 0));
}

function foldedOf(event: api.Event, uid: string): FoldedEvent {
  const { involvedObject: of, series, source, metadata } = event;
  const created = metadata.creationTimestamp ?? '';
  const first = event.firstTimestamp ?? event.eventTime ?? created;
  return {
    type: event.type ?? 'Normal',
    reason: event.reason ?? '',
    message: event.message?.trim() ?? '',
    source: event.reportingComponent || source?.component || '',
    count: series?.count ?? event.count ?? 1,
    first,
    last: series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? first,
    ...(of.uid !== uid && of.kind && of.name
      ? {
          about: {
            text: `${of.kind} ${of.name}`,
            to: { apiVersion: of.apiVersion ?? 'v1', kind: of.kind, namespace: of.namespace ?? '', name: of.name },
          },
        }
      : {}),
  };
}

const earlier = (a: string, b: string): string => (!a || (b && b < a) ? b : a);
