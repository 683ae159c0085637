/**
 * Event (core/v1): something that happened to an object. The same stored objects are served in events.k8s.io/v1
 * (eventV1.ts), whose rules are stricter.
 */
import { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { nameColumn, since } from './columns.ts';
import { type Column, defineKind } from './defineKind.ts';
import { validateEventBasics } from './validation/event.ts';

export const Event = defineKind<api.Event>({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,
  hasGeneration: false,
  createOnUpdate: true,
  validateName: () => [],
  validate: (event) => validateEventBasics(event, FieldPath.of('reportingComponent')),
  selectableFieldNames: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  selectableFields: (event) => ({
    ...objectFields('involvedObject', event.involvedObject),
    reason: event.reason ?? '',
    reportingComponent: event.reportingComponent ?? '',
    source: event.source?.component || (event.reportingComponent ?? ''),
    type: event.type ?? '',
  }),
  columns: eventColumns((event: api.Event) => event),
  references: [
    { type: 'object', path: 'involvedObject' },
    { type: 'object', path: 'related' },
  ],
});

/** The selectable fields of an object reference. */
export function objectFields(prefix: string, object: api.ObjectReference | undefined): Record<string, string> {
  return {
    [`${prefix}.kind`]: object?.kind ?? '',
    [`${prefix}.namespace`]: object?.namespace ?? '',
    [`${prefix}.name`]: object?.name ?? '',
    [`${prefix}.uid`]: object?.uid ?? '',
    [`${prefix}.apiVersion`]: object?.apiVersion ?? '',
    [`${prefix}.resourceVersion`]: object?.resourceVersion ?? '',
    [`${prefix}.fieldPath`]: object?.fieldPath ?? '',
  };
}

/** The columns of events, in either version. `core` gives the core form. */
export function eventColumns<T>(core: (event: T) => api.Event): Column<T>[] {
  const text = (name: string, cell: (event: api.Event, now: number) => unknown, priority = 0): Column<T> => ({
    name,
    type: 'string',
    priority,
    cell: (event, now) => cell(core(event), now),
  });
  return [
    text('Last Seen', lastSeen),
    text('Type', (event) => event.type ?? ''),
    text('Reason', (event) => event.reason ?? ''),
    text('Object', objectText),
    text('Subobject', (event) => event.involvedObject?.fieldPath ?? '', 1),
    text('Source', sourceText, 1),
    text('Message', (event) => (event.message ?? '').trim()),
    text('First Seen', firstSeen, 1),
    text('Count', (event) => event.series?.count ?? (event.count || 1), 1),
    { ...nameColumn, priority: 1, cell: (event) => core(event as T).metadata.name ?? '' },
  ];
}

function firstSeen(event: api.Event, now: number): string {
  return since(event.firstTimestamp || event.eventTime, now);
}

function lastSeen(event: api.Event, now: number): string {
  if (event.series) return since(event.series.lastObservedTime, now);
  return event.lastTimestamp ? since(event.lastTimestamp, now) : firstSeen(event, now);
}

function objectText(event: api.Event): string {
  const { kind = '', name } = event.involvedObject ?? {};
  return name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase();
}

function sourceText(event: api.Event): string {
  const component = event.source?.component;
  const [what, where] = component ? [component, event.source?.host] : [event.reportingComponent ?? '', event.reportingInstance];
  return where ? `${what}, ${where}` : what;
}
