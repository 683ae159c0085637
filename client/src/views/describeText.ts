/** What is known of an object, as plain text: what it is, how it is, what happened to it, and the object as it is stored. */
import type * as api from '#common/schema/generated/types.ts';
import type { KubeObject } from '#common/api/meta.ts';

type Section = readonly string[];

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** `yaml` is the object without its managed fields; events come oldest first. */
export function describeText(object: KubeObject, events: readonly api.Event[], yaml: string): string {
  const sections: Section[] = [
    heading(object),
    conditions(object),
    ...(object.kind === 'Pod' ? [containers(object as api.Pod)] : []),
    eventLines(events),
    ['YAML:', ...yaml.trimEnd().split('\n')],
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

function heading(object: KubeObject): Section {
  const { metadata } = object;
  const owners = metadata.ownerReferences?.map(({ kind, name }) => `${kind}/${name}`);
  return fields([
    ['Name', metadata.name],
    ['Namespace', metadata.namespace],
    ['Kind', `${object.kind ?? ''} (${object.apiVersion ?? ''})`],
    ['Created', metadata.creationTimestamp],
    ['Deleted', metadata.deletionTimestamp],
    ['Labels', mapText(metadata.labels)],
    ['Annotations', mapText(metadata.annotations)],
    ['Controlled by', owners?.join(', ')],
    ...(object.kind === 'Pod' ? podFields(object as api.Pod) : []),
  ]);
}

const podFields = ({ spec, status }: api.Pod): [string, string | undefined][] => [
  ['Node', spec?.nodeName],
  ['Status', [status?.phase, status?.reason].filter((part) => part).join(', ')],
  ['IP', status?.podIP],
];

function conditions(object: KubeObject): Section {
  const list = (object as { status?: { conditions?: Condition[] } }).status?.conditions ?? [];
  if (list.length === 0) return [];
  const rows = list.map(({ type, status, reason = '', message = '' }) => [type, status, reason, message]);
  return ['Conditions:', ...table([['Type', 'Status', 'Reason', 'Message'], ...rows])];
}

function containers({ spec, status }: api.Pod): Section {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const all = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const lines = all.flatMap((container) => {
    const at = statuses.find(({ name }) => name === container.name);
    return [
      `  ${container.name}`,
      ...fields([
        ['Image', container.image],
        ['State', stateText(at?.state)],
        ['Last state', stateText(at?.lastState)],
        ['Ready', at ? String(at.ready) : undefined],
        ['Restarts', at ? String(at.restartCount) : undefined],
        ['Ports', container.ports?.map(({ containerPort, protocol = 'TCP' }) => `${containerPort}/${protocol}`).join(', ')],
      ]).map((line) => `    ${line}`),
    ];
  });
  return ['Containers:', ...lines];
}

function stateText(state: api.ContainerState | undefined): string | undefined {
  if (state?.running) return `running since ${state.running.startedAt ?? ''}`;
  if (state?.waiting) return ['waiting', state.waiting.reason, state.waiting.message].filter((part) => part).join(': ');
  if (!state?.terminated) return undefined;
  const { reason, exitCode, finishedAt, message } = state.terminated;
  return [`ended ${finishedAt ?? ''} with exit code ${exitCode}`, reason, message?.trim()].filter((part) => part).join(': ');
}

/** Repeats are one line with their number. */
function eventLines(events: readonly api.Event[]): Section {
  if (events.length === 0) return [];
  const rows = events.map((event) => [
    event.lastTimestamp ?? event.eventTime ?? '',
    event.type ?? '',
    event.reason ?? '',
    `${event.count ?? event.series?.count ?? 1}×`,
    event.message ?? '',
  ]);
  return ['Events:', ...table([['Last seen', 'Type', 'Reason', 'Count', 'Message'], ...rows])];
}

const mapText = (map: Record<string, string> | undefined): string | undefined =>
  map &&
  Object.entries(map)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');

/** Names padded to one width; several lines stand below each other; what is missing is left out. */
function fields(entries: readonly (readonly [string, string | undefined])[]): string[] {
  const width = 16;
  return entries.flatMap(([name, value]) =>
    value ? value.split('\n').map((line, i) => `${(i === 0 ? `${name}:` : '').padEnd(width)}${line}`) : [],
  );
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
