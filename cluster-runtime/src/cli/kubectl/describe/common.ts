/** Lines that the pages of many kinds have: labels, annotations, times, events. */
import { shortHumanDuration, humanDuration } from '#common/api/duration.ts';
import type { KubeObject, UntypedObject } from '#common/api/meta.ts';
import { controllerOf } from '#common/api/meta.ts';
import { parseTime } from '#common/api/time.ts';
import { lastAppliedAnnotation } from '#common/api/structuredMerge/lastApplied.ts';
import type { Event } from '#common/schema/generated/types.ts';
import { type DescribeContext, listOf, type Page } from './describer.ts';

type TextMap = Readonly<Record<string, string>> | undefined;

export const sortedKeys = (map: object | undefined): string[] => Object.keys(map ?? {}).sort();

/** `Labels:` and one label per line. */
export function labelLines(page: Page, title: string, labels: TextMap, indent = ''): void {
  const keys = sortedKeys(labels);
  if (keys.length === 0) page.line(0, `${indent}${title}:\t<none>`);
  keys.forEach((key, i) => page.line(0, `${i === 0 ? `${indent}${title}:` : ''}\t${key}=${labels?.[key] ?? ''}`));
}

const longestAnnotation = 140;

/** What `kubectl apply` remembers of itself is left out; what is long stands on lines of its own, cut. */
export function annotationLines(page: Page, title: string, annotations: TextMap, indent = ''): void {
  const keys = sortedKeys(annotations).filter((key) => key !== lastAppliedAnnotation);
  if (keys.length === 0) page.line(0, `${indent}${title}:\t<none>`);
  keys.forEach((key, i) => {
    const value = (annotations?.[key] ?? '').replace(/\n$/, '');
    const before = i === 0 ? `${indent}${title}:\t` : '\t';
    if (value.length + key.length + 2 <= longestAnnotation && !value.includes('\n')) {
      page.line(0, `${before}${key}: ${value}`);
      return;
    }
    page.line(0, `${before}${key}:`);
    for (const line of value.split('\n')) page.line(0, `\t  ${shorten(line, longestAnnotation - 2)}`);
  });
}

const shorten = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}...` : text);

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');

/** `Sun, 22 Nov 2026 00:36:59 +0000`, in this machine's zone. */
export function timeText(time: string | null | undefined): string {
  const ms = parseTime(time);
  if (ms === undefined) return 'Mon, 01 Jan 0001 00:00:00 +0000';
  const date = new Date(ms);
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${days[date.getDay()]}, ${two(date.getDate())} ${months[date.getMonth()]} ${date.getFullYear()} ${clock} ${zone}`;
}

/** How long ago. */
export function ageText(ctx: DescribeContext, time: string | null | undefined): string {
  const ms = parseTime(time);
  return ms === undefined ? '<unknown>' : humanDuration(ctx.now - ms);
}

export const durationText = humanDuration;
export { shortHumanDuration };

export function controllerLine(page: Page, object: KubeObject): void {
  const owner = controllerOf(object);
  if (owner) page.line(0, `Controlled By:\t${owner.kind}/${owner.name}`);
}

/** What the pages of most kinds begin with. */
export function headLines(page: Page, { metadata }: KubeObject, { namespace = true, annotations = true } = {}): void {
  page.line(0, `Name:\t${metadata.name ?? ''}`);
  if (namespace) page.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
  labelLines(page, 'Labels', metadata.labels);
  if (annotations) annotationLines(page, 'Annotations', metadata.annotations);
}

/** Of exactly this object. */
export function eventsOf(ctx: DescribeContext, { kind, metadata }: UntypedObject): Promise<Event[]> {
  const about: Record<string, string | undefined> = {
    'involvedObject.kind': kind,
    'involvedObject.name': metadata.name,
    'involvedObject.namespace': metadata.namespace,
    'involvedObject.uid': kind === 'Node' ? undefined : metadata.uid,
  };
  const fieldSelector = Object.entries(about)
    .flatMap(([field, value]) => (value ? [`${field}=${value}`] : []))
    .join(',');
  return listOf<Event>(ctx, 'v1', 'events', metadata.namespace, { fieldSelector });
}

export async function eventLines(ctx: DescribeContext, page: Page, object: UntypedObject): Promise<void> {
  if (ctx.showEvents) writeEvents(ctx, page, await eventsOf(ctx, object));
}

export function writeEvents(ctx: DescribeContext, page: Page, events: readonly Event[]): void {
  if (events.length === 0) {
    page.line(0, 'Events:\t<none>');
    return;
  }
  page.lines(0, ['Events:', '  Type\tReason\tAge\tFrom\tMessage', '  ----\t------\t----\t----\t-------']);
  const sorted = events.toSorted(
    (a, b) => (parseTime(a.lastTimestamp) ?? -Infinity) - (parseTime(b.lastTimestamp) ?? -Infinity) || 0,
  );
  for (const event of sorted) {
    const source = event.source?.component || event.reportingComponent || '';
    page.line(1, [event.type ?? '', event.reason ?? '', spanText(ctx, event), source, (event.message ?? '').trim()].join('\t'));
  }
}

function spanText(ctx: DescribeContext, { eventTime, firstTimestamp, lastTimestamp, series, count = 0 }: Event): string {
  const first = ageText(ctx, eventTime ?? firstTimestamp);
  if (series) return `${ageText(ctx, series.lastObservedTime)} (x${series.count ?? 0} over ${first})`;
  return count > 1 ? `${ageText(ctx, lastTimestamp)} (x${count} over ${first})` : first;
}
