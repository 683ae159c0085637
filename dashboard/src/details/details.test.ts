/** What a page says of real objects: they were read from a cluster of the examples (testdata/objects.json). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '#common/api/meta.ts';
import type { Block, Details, DetailValue } from '#common/protocol/details.ts';
import { detailsTexts } from '#common/protocol/detailsTexts.ts';
import { treeTexts } from '#common/protocol/treeTexts.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { DescribeContext } from './describeContext.ts';
import { foldDetails } from './foldDetails.ts';
import { objectYaml } from './objectYaml.ts';
import { relatedWatches } from './relatedWatches.ts';
import { definitionOf } from './kindTable.ts';
import { changesBetween } from './timeline.ts';

const text = readFileSync(path.join(import.meta.dirname, 'testdata/objects.json'), 'utf8');
const objects = JSON.parse(text) as Record<string, KubeObject> & {
  decision: api.SchedulingDecision;
  crashEvents: api.Event[];
  replicaSets: KubeObject[];
  pods: KubeObject[];
  slices: KubeObject[];
};
const named = (key: string): KubeObject => {
  const object = objects[key];
  if (!object) throw new Error(`testdata has no ${key}`);
  return object;
};

interface Around {
  readonly related?: readonly KubeObject[];
  readonly missing?: readonly string[];
  readonly events?: readonly api.Event[];
  readonly revealed?: readonly string[];
  readonly decision?: api.SchedulingDecision;
}

function fold(object: KubeObject, { related = [], missing = [], events = [], revealed = [], decision }: Around = {}): Details {
  const ctx: DescribeContext = {
    texts: detailsTexts,
    stateTexts: treeTexts,
    related: {
      all: (kind) => related.filter((each) => each.kind === kind),
      isMissing: (_group, kind, _namespace, name) => missing.includes(`${kind} ${name}`),
    },
    revealed: new Set(revealed),
    decision,
  };
  const { apiVersion = '', kind = '', metadata } = object;
  const locator = { apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
  return foldDetails({ object, locator, events, seen: [] }, ctx);
}

function valueText(value: DetailValue): string {
  switch (value.type) {
    case 'text':
    case 'code':
      return value.text;
    case 'time':
      return `@${value.at}`;
    case 'link':
      return `<${value.text}>${value.missing ? ' (missing)' : ''}`;
    case 'labels':
      return value.entries.map(([key, each]) => `${key}=${each}`).join(' ');
    case 'list':
      return value.items.map(valueText).join(' | ');
    case 'secret':
      return value.shown ?? `hidden ${value.bytes}`;
  }
}

const blockLines = (block: Block): string[] => {
  switch (block.type) {
    case 'facts':
      return block.facts.map(({ label, value }) => `${label}: ${valueText(value)}`);
    case 'table':
      return [block.columns.join(' | '), ...block.rows.map((row) => row.map(valueText).join(' | '))];
    case 'note':
      return [block.text];
    case 'card':
      return [[block.title, block.stateText, block.why].filter((part) => part).join(' · '), ...block.blocks.flatMap(blockLines)];
  }
};

const linesOf = ({ sections }: Details, id?: string): string[] =>
  sections.filter((section) => id === undefined || section.id === id).flatMap(({ blocks }) => blocks.flatMap(blockLines));

const around = [...objects.replicaSets, ...objects.pods, ...objects.slices];

describe('each kind tells its own', () => {
  test.each<[key: string, expected: readonly string[], around?: Around]>([
    ['crashLoop', ['Node: <node-2>', 'Restart policy: Always', 'Command: sh -c echo cannot find the database >&2; exit 1']],
    ['deployment', ['Strategy: RollingUpdate', 'Selector: app=httpd', 'Replicas: 2 desired · 2 updated · 2 total · 2 available']],
    ['controller', ['Selector: app=redis,role=follower']],
    ['service', ['Type: NodePort', 'http | 80/TCP | http | 30081'], { related: around }],
    ['node', ['kubelet: v1.36.3', 'cpu | 8 | 8 | 0 | 0', 'memory | 16Gi | 16Gi | 0 | 0']],
    ['job', ['Completion mode: NonIndexed', 'Pods: 0 active (0 ready) · 1 succeeded · 0 failed']],
    ['cronJob', ['Schedule: */5 * * * *', 'Suspended: No', 'Concurrency: Allow']],
    ['statefulSet', ['Service: <db>', 'Pod management: OrderedReady']],
    ['claim', ['Phase: Bound', 'Requested: 1Gi', 'Access modes: ReadWriteOnce']],
    ['volume', ['Claim: <data-db-0>', 'Reclaim policy: Delete', 'Capacity: 1Gi']],
    ['ingress', ['web.local | / | Prefix | <httpd:80>']],
    ['autoscaler', ['Target: <Deployment httpd>', 'Bounds: 2 – 6']],
    ['namespace', ['Phase: Active']],
    ['configMap', ['greeting | hello']],
  ])('%s', (key, expected, context) => {
    const lines = linesOf(fold(named(key), context));
    for (const line of expected) expect(lines).toContain(line);
  });

  test('a custom resource: its fields as they are named, its conditions as its state', () => {
    const details = fold({
      apiVersion: 'example.com/v1',
      kind: 'Backup',
      metadata: { name: 'nightly', namespace: 'default', uid: 'b' },
      spec: { schedule: '0 3 * * *', targets: [{ name: 'db', keep: 7 }], ['__proto__x']: { a: 1 } },
      status: { conditions: [{ type: 'Ready', status: 'False', reason: 'NoSpace', message: 'the bucket is full' }] },
    } as KubeObject);
    expect(details).toMatchObject({ state: 'warning', why: 'NoSpace: the bucket is full', hasLogs: false });
    expect(linesOf(details, 'facts')).toEqual(expect.arrayContaining(['schedule: 0 3 * * *', 'targets: name | keep', 'db | 7']));
  });
});

test('a failing pod says why, in its head and at the container', () => {
  const details = fold(named('crashLoop'), { events: objects.crashEvents });
  expect(details).toMatchObject({ state: 'failed', stateText: 'CrashLoopBackOff', hasLogs: true });
  expect(details.why).toContain('exit code 1');
  expect(linesOf(details, 'containers').join('\n')).toMatch(/Last state: Terminated: Error, exit code 1/);
});

test('a pod that waits is told why by the scheduler, one row per plugin and per node', () => {
  const lines = linesOf(fold(named('unschedulable'), { decision: objects.decision }), 'scheduling');
  expect(lines[0]).toMatch(/^0\/3 nodes are available: 3 Insufficient cpu/);
  expect(lines).toContain('NodeResourcesFit | 3 | Insufficient cpu | <node-1> | <node-2> | <node-3>');
  expect(lines).toContain('<node-1> | NodeResourcesFit: Insufficient cpu');
});

test('the decision about an earlier pod of that name is not told', () => {
  const lines = linesOf(fold(named('crashLoop'), { decision: objects.decision }), 'scheduling');
  expect(lines).toEqual([]);
});

describe('relations, both ways', () => {
  test.each<[key: string, related: readonly KubeObject[], missing: readonly string[], expected: readonly RegExp[]]>([
    [
      'deployment',
      [...around, named('service'), named('autoscaler')],
      [],
      [
        /^owns \| <ReplicaSet httpd-/,
        /^owns \| <Pod httpd-/,
        /^selected by \| <Service httpd>/,
        /^named by \| <HorizontalPodAutoscaler httpd>/,
      ],
    ],
    ['service', [...around, named('ingress')], [], [/^selects \| <Pod httpd-.*Running/, /^named by \| <Ingress httpd>/]],
    [
      'missingConfigMap',
      [],
      ['ConfigMap settings'],
      [/^names \| <ConfigMap settings> \(missing\) \| does not exist/, /^names \| <Node node-3>/],
    ],
    ['claim', [], [], [/^names \| <PersistentVolume pvc-/]],
  ])('%s', (key, related, missing, expected) => {
    const lines = linesOf(fold(named(key), { related, missing }), 'related');
    for (const pattern of expected)
      expect(
        lines.some((line) => pattern.test(line)),
        `${String(pattern)} in\n${lines.join('\n')}`,
      ).toBe(true);
  });

  test('no watch looks through all pods of a cluster', () => {
    for (const key of Object.keys(objects)) {
      const object = objects[key];
      if (!object || Array.isArray(object)) continue;
      const paths = relatedWatches(object, definitionOf(object.apiVersion ?? '', object.kind ?? '')).map(
        ({ path: each }) => each,
      );
      expect(paths, key).not.toContain('/api/v1/pods');
      expect(new Set(paths).size).toBe(paths.length);
    }
  });
});

describe('events', () => {
  const [event] = objects.crashEvents.filter(({ reason }) => reason === 'BackOff');

  test('repeats are one entry that counts, the newest first', () => {
    if (!event) throw new Error('testdata has no BackOff');
    const { uid = '' } = named('crashLoop').metadata;
    const again = { ...event, count: 2, lastTimestamp: '2030-01-01T00:00:00Z', metadata: { ...event.metadata, uid: 'again' } };
    const { events } = fold(named('crashLoop'), { events: [...objects.crashEvents, again] });
    expect(events[0]).toMatchObject({
      reason: 'BackOff',
      type: 'Warning',
      count: (event.count ?? 1) + 2,
      last: '2030-01-01T00:00:00Z',
    });
    expect(events.filter(({ reason }) => reason === 'BackOff')).toHaveLength(1);
    expect(events.every(({ about }) => about === undefined)).toBe(true);
    expect(uid).not.toBe('');
  });

  test('those of what it owns say whose they are; those of others are not told', () => {
    const [pod] = objects.pods;
    const own = {
      ...event,
      involvedObject: { kind: 'Pod', name: 'httpd-1', namespace: 'default', uid: pod?.metadata.uid ?? '' },
    };
    const other = { ...event, involvedObject: { kind: 'Pod', name: 'other', namespace: 'default', uid: 'other' } };
    const { events } = fold(named('deployment'), { related: around, events: [own, other] as api.Event[] });
    expect(events.map(({ about }) => about?.text)).toEqual(['Pod httpd-1']);
  });
});

describe('a Secret', () => {
  const secret = named('secret') as api.Secret;
  const values = Object.values(secret.data ?? {});

  test('keeps its values until they are asked for, one by one', () => {
    const hidden = JSON.stringify(fold(secret));
    for (const value of values) {
      expect(hidden).not.toContain(value);
      expect(hidden).not.toContain(atob(value));
    }
    const [key = ''] = Object.keys(secret.data ?? {});
    const shown = JSON.stringify(fold(secret, { revealed: [key] }));
    expect(values.map((value) => shown.includes(atob(value)))).toEqual(values.map((_, i) => i === 0));
  });

  test('hides them in YAML too, also in the notes of kubectl apply', async () => {
    const noted = {
      ...secret,
      metadata: {
        ...secret.metadata,
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(secret) },
      },
    };
    const yaml = await objectYaml(noted, { managedFields: false, revealed: false });
    for (const value of values) expect(yaml).not.toContain(value);
    expect(yaml).toContain('••••');
    expect(await objectYaml(noted, { managedFields: false, revealed: true })).toContain(values[0]);
  });
});

describe('the timeline', () => {
  test('remembers creation, conditions, containers, events and who wrote what', () => {
    const { timeline } = fold(named('crashLoop'), { events: objects.crashEvents });
    const said = timeline.map(({ what, detail = '' }) => `${what} ${detail}`);
    for (const pattern of [
      /^Created /,
      /^PodScheduled: True/,
      /^app: Terminated, exit code 1/,
      /^BackOff/,
      /^kubelet: Update status fields: status/,
    ])
      expect(
        said.some((each) => pattern.test(each)),
        String(pattern),
      ).toBe(true);
    const times = timeline.map(({ at }) => Date.parse(at));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  test('tells what was seen to change, and nothing else', () => {
    const before = named('deployment');
    const after = { ...before, spec: { ...(before as api.Deployment).spec, replicas: 5 } } as KubeObject;
    expect(changesBetween(before, after, 'now', detailsTexts)).toEqual([
      { at: 'now', what: 'spec.replicas', detail: '2 → 5', state: 'none' },
    ]);
    expect(changesBetween(before, before, 'now', detailsTexts)).toEqual([]);
  });
});
