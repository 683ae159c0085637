/** Everything that a page shows of an object at once, from what is known of it. Pure. */
import type { KubeObject } from '#common/api/meta.ts';
import type { Details, Fact, TimelineEntry } from '#common/protocol/details.ts';
import type { ObjectLocator } from '#common/protocol/webview.ts';
import type * as api from '#common/schema/generated/types.ts';
import { facts, text, time } from './blocks.ts';
import type { DescribeContext } from './describeContext.ts';
import { describeObject } from './describeKinds.ts';
import { foldEvents } from './foldEvents.ts';
import { objectState } from './objectState.ts';
import { ownedObjects } from './relatedSection.ts';
import { hasPodLogs } from './relatedWatches.ts';
import { hidesValues } from './secretValues.ts';
import { timelineOf } from './timeline.ts';

export interface Known {
  readonly object: KubeObject;
  readonly locator: ObjectLocator;
  /** Of the object, and of what it owns. */
  readonly events: readonly api.Event[];
  /** What was seen to change. */
  readonly seen: readonly TimelineEntry[];
}

export function foldDetails({ object, locator, events, seen }: Known, ctx: DescribeContext): Details {
  const { texts: t, related, stateTexts } = ctx;
  const { uid = '' } = object.metadata;
  const uids = new Set([uid, ...ownedObjects(object, ctx).map(({ metadata }) => metadata.uid)]);
  const folded = foldEvents(
    events.filter(({ involvedObject }) => involvedObject.uid !== undefined && uids.has(involvedObject.uid)),
    uid,
  );
  const { state, text: stateText, why, ready, restarts } = objectState(object, related, stateTexts);
  const [summary] = facts(
    [t.ready, text(ready)],
    [t.restarts, restarts ? text(restarts, 'warning') : undefined],
    [t.age, time(object.metadata.creationTimestamp)],
  );
  return {
    object: locator,
    state,
    stateText,
    ...(why ? { why } : {}),
    summary: summary?.type === 'facts' ? (summary.facts as Fact[]) : [],
    sections: describeObject(object, ctx),
    events: folded,
    timeline: timelineOf(object, folded, seen, t),
    hasLogs: hasPodLogs(object),
    hidesValues: hidesValues(object),
  };
}
