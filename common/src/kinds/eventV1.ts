/**
 * Event (events.k8s.io/v1): the newer view of the stored core events. Fields have other names, and new events must say
 * when, who and what; only their series may change afterwards.
 */
import { type FieldError, invalid, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineKind } from './defineKind.ts';
import { Event, eventColumns, objectFields } from './event.ts';
import { validateEventBasics } from './validation/event.ts';
import { goStructure, plain, type Shape } from './validation/goStructure.ts';
import { immutableText, sameValue } from './validation/values.ts';

export const EventV1 = defineKind<api.EventsV1Event>({
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,
  hasGeneration: false,
  createOnUpdate: true,
  validateName: () => [],
  validateCreate,
  validateUpdate,
  selectableFieldNames: [
    'regarding.kind',
    'regarding.namespace',
    'regarding.name',
    'regarding.uid',
    'regarding.apiVersion',
    'regarding.resourceVersion',
    'regarding.fieldPath',
    'reason',
    'reportingController',
    'type',
  ],
  selectableFields: (event) => ({
    ...objectFields('regarding', event.regarding),
    reason: event.reason ?? '',
    reportingController: event.reportingController ?? '',
    type: event.type ?? '',
  }),
  columns: eventColumns(toCore),
  references: [
    { type: 'object', path: 'regarding' },
    { type: 'object', path: 'related' },
  ],
  storedAs: { kind: Event, toStored: toCore, fromStored: (object) => fromCore(object as api.Event) },
});

/** Sets what is there; the API knows no difference between absent and undefined, but JSON does. */
function defined<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

function toCore(event: api.EventsV1Event): api.Event {
  return defined<api.Event>({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: event.metadata,
    involvedObject: event.regarding ?? {},
    reason: event.reason,
    message: event.note,
    source: event.deprecatedSource ?? {},
    firstTimestamp: event.deprecatedFirstTimestamp ?? (null as unknown as string),
    lastTimestamp: event.deprecatedLastTimestamp ?? (null as unknown as string),
    count: event.deprecatedCount,
    type: event.type,
    eventTime: event.eventTime ?? null,
    series: event.series,
    action: event.action,
    related: event.related,
    reportingComponent: event.reportingController ?? '',
    reportingInstance: event.reportingInstance ?? '',
  });
}

function fromCore(event: api.Event): api.EventsV1Event {
  return defined<api.EventsV1Event>({
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: event.metadata,
    eventTime: event.eventTime ?? (null as unknown as string),
    series: event.series as api.EventsV1EventSeries | undefined,
    reportingController: event.reportingComponent || undefined,
    reportingInstance: event.reportingInstance || undefined,
    action: event.action,
    reason: event.reason,
    regarding: event.involvedObject,
    related: event.related,
    note: event.message,
    type: event.type,
    deprecatedSource: event.source ?? {},
    deprecatedFirstTimestamp: event.firstTimestamp ?? (null as unknown as string),
    deprecatedLastTimestamp: event.lastTimestamp ?? (null as unknown as string),
    deprecatedCount: event.count,
  });
}

/** What the newer API asks of a new event; events that were made through the older one need not meet it. */
function validateCreate(event: api.EventsV1Event): FieldError[] {
  const errors = validateEventBasics(toCore(event), FieldPath.of('reportingController'));
  if (!event.eventTime) errors.push(required(FieldPath.of('eventTime')));
  errors.push(...validateSeries(event));
  const { type = '' } = event;
  if (type !== 'Normal' && type !== 'Warning') errors.push(invalid(FieldPath.of('type'), '', `has invalid value: ${type}`));
  const retired = {
    firstTimestamp: event.deprecatedFirstTimestamp,
    lastTimestamp: event.deprecatedLastTimestamp,
    count: event.deprecatedCount,
    source: event.deprecatedSource?.component || event.deprecatedSource?.host,
  };
  for (const [field, value] of Object.entries(retired)) {
    if (value) errors.push(invalid(FieldPath.of(field), '', 'needs to be unset'));
  }
  return errors;
}

function validateSeries({ series }: api.EventsV1Event): FieldError[] {
  if (!series) return [];
  const errors: FieldError[] = [];
  const path = FieldPath.of('series');
  if ((series.count ?? 0) < 2) errors.push(invalid(path.child('count'), '', 'should be at least 2'));
  if (!series.lastObservedTime) errors.push(required(path.child('lastObservedTime')));
  return errors;
}

const referenceShape: Shape = [
  plain('Kind', ''),
  plain('Namespace', ''),
  plain('Name', ''),
  plain('UID', '', 'uid'),
  plain('APIVersion', '', 'apiVersion'),
  plain('ResourceVersion', ''),
  plain('FieldPath', ''),
];
const reference = (value: unknown): unknown => (value ? goStructure(referenceShape, value) : null);

/** Messages use the core names of the fields. */
function validateUpdate(event: api.EventsV1Event, old: api.EventsV1Event): FieldError[] {
  const fixed: readonly (readonly [string, keyof api.EventsV1Event])[] = [
    ['involvedObject', 'regarding'],
    ['reason', 'reason'],
    ['message', 'note'],
    ['source', 'deprecatedSource'],
    ['firstTimestamp', 'deprecatedFirstTimestamp'],
    ['lastTimestamp', 'deprecatedLastTimestamp'],
    ['count', 'deprecatedCount'],
    ['type', 'type'],
    ['eventTime', 'eventTime'],
    ['action', 'action'],
    ['related', 'related'],
    ['reportingController', 'reportingController'],
    ['reportingInstance', 'reportingInstance'],
  ];
  const changes = fixed.flatMap(([name, field]) => {
    if (sameValue(event[field], old[field])) return [];
    const value = field === 'regarding' || field === 'related' ? reference(event[field]) : event[field];
    return [invalid(FieldPath.of(name), value, immutableText)];
  });
  return [...validateSeries(event), ...changes];
}
