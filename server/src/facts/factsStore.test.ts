import { describe, expect, it } from 'vitest';
import { parseLabelSelector } from '#common/api/labelSelectorParser.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import { Random } from '#common/base/random.ts';
import { FactsStore } from './factsStore.ts';
import { keptObject, keptPod, keysOnly } from './keptObject.ts';
import type { KindName } from './liveFacts.ts';

const pod: KindName = { group: '', kind: 'Pod' };
const event: KindName = { group: '', kind: 'Event' };
const podOf = (name: string, labels: Record<string, string>, namespace = 'default'): UntypedObject => ({
  metadata: { name, namespace, labels },
});
const names = (objects: readonly UntypedObject[]): string[] => objects.map(({ metadata }) => metadata.name ?? '').sort();

describe('pods by a selector', () => {
  const store = new FactsStore();
  store.replace(pod, [
    podOf('a', { app: 'web', tier: 'front' }),
    podOf('b', { app: 'web', tier: 'back' }),
    podOf('c', { app: 'db' }),
    podOf('d', { __proto__: 'x', toString: 'y' } as unknown as Record<string, string>),
    podOf('e', { app: 'web' }, 'other'),
    { metadata: { name: 'bare', namespace: 'default' } },
  ]);

  it.each([
    ['app=web', ['a', 'b']],
    ['app=web,tier=back', ['b']],
    ['app in (web,db)', ['a', 'b', 'c']],
    ['app in (web,db),tier!=back', ['a', 'c']],
    ['app', ['a', 'b', 'c']],
    ['!app', ['bare', 'd']],
    ['app!=web', ['bare', 'c', 'd']],
    ['app=none', []],
    ['toString=y', ['d']],
    ['', ['a', 'b', 'bare', 'c', 'd']],
  ])('%j', (text, expected) => {
    expect(names(store.podsMatching('default', parseLabelSelector(text)))).toEqual(expected);
  });

  it('of another namespace, or of none that there is', () => {
    expect(names(store.podsMatching('other', parseLabelSelector('app=web')))).toEqual(['e']);
    expect(store.podsMatching('nowhere', parseLabelSelector('app=web'))).toEqual([]);
  });

  it('is the same as looking at every pod, through any changes', () => {
    const random = new Random(7);
    const changing = new FactsStore();
    const model = new Map<string, UntypedObject>();
    const pick = (list: readonly string[]): string => list[random.int(list.length)] ?? '';
    for (let i = 0; i < 3_000; i++) {
      const object = podOf(`p${random.int(60)}`, { app: pick(['a', 'b', 'c']), tier: pick(['x', 'y']) }, pick(['n', 'm']));
      const key = `${object.metadata.namespace}/${object.metadata.name}`;
      if (random.int(3) === 0) {
        changing.remove(pod, object);
        model.delete(key);
      } else {
        changing.set(pod, object);
        model.set(key, object);
      }
      if (i % 50 !== 0) continue;
      const selector = parseLabelSelector(pick(['app=a', 'app=a,tier=x', 'app in (a,b)', 'tier=y,app!=c', 'app notin (a)']));
      const expected = [...model.values()].filter(
        ({ metadata }) => metadata.namespace === 'n' && selector.matches(metadata.labels),
      );
      expect(names(changing.podsMatching('n', selector))).toEqual(names(expected));
      const webs = [...model.values()].filter(({ metadata }) => metadata.namespace === 'n' && metadata.labels?.['app'] === 'a');
      expect(changing.podLabels('n').get('app')?.get('a') ?? 0).toBe(webs.length);
      expect(names(changing.list(pod, 'n'))).toEqual(
        names([...model.values()].filter(({ metadata }) => metadata.namespace === 'n')),
      );
    }
    changing.replace(pod, []);
    expect([changing.list(pod), changing.podsMatching('n', parseLabelSelector('app=a'))]).toEqual([[], []]);
    expect(changing.podLabels('n').size).toBe(0);
  });
});

describe('events', () => {
  const at = (i: number): UntypedObject => ({
    metadata: { name: `e${i}`, namespace: `n${i % 3}` },
    lastTimestamp: new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString(),
  });

  it('are bounded: the oldest go, and one that repeats is new again', () => {
    const store = new FactsStore();
    store.replace(
      event,
      Array.from({ length: 2_500 }, (_, i) => at(2_499 - i)),
    );
    expect(store.list(event).length).toBe(2_000);
    expect(store.get(event, 'n1', 'e499')).toBeUndefined();
    expect(store.get(event, 'n2', 'e500')).toBeDefined();
    store.set(event, at(500));
    store.set(event, at(9_000));
    expect([store.get(event, 'n2', 'e500'), store.get(event, 'n0', 'e501'), store.list(event).length]).toEqual([
      at(500),
      undefined,
      2_000,
    ]);
    store.remove(event, at(9_000));
    expect(store.list(event).length).toBe(1_999);
  });
});

describe('what is kept', () => {
  const metadata = {
    name: 'x',
    namespace: 'n',
    labels: { app: 'web' },
    managedFields: [{ manager: 'm', time: '2026-01-01T00:00:00Z', fieldsType: 'FieldsV1', fieldsV1: { 'f:secret': {} } }],
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'secret', note: 'secret' },
  };

  it('of Secrets and ConfigMaps are the keys, and no value anywhere', () => {
    const kept = keysOnly({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      type: 'Opaque',
      data: { password: 'c2VjcmV0', ['__proto__']: 'secret' },
      binaryData: { b: 'secret' },
      stringData: { password: 'secret' },
    } as UntypedObject);
    expect(kept).toMatchObject({ kind: 'Secret', type: 'Opaque', metadata: { name: 'x', labels: { app: 'web' } } });
    expect(Object.keys((kept as UntypedObject)['data'] as object)).toEqual(['password', '__proto__']);
    expect(JSON.stringify(kept)).not.toMatch(/secret|c2VjcmV0/);
  });

  it('of other objects is all but which fields who manages', () => {
    expect(keptObject({ apiVersion: 'v1', kind: 'Service', metadata, spec: { a: 1 } } as UntypedObject)).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'x',
        namespace: 'n',
        labels: { app: 'web' },
        managedFields: [{ manager: 'm', time: '2026-01-01T00:00:00Z' }],
        annotations: { note: 'secret' },
      },
      spec: { a: 1 },
    });
  });

  it('of pods is what tells how they are', () => {
    const kept = keptPod({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, annotations: { ...metadata.annotations, 'playground.kube/no-simulated-behaviour': 'c' } },
      spec: {
        nodeName: 'node-1',
        volumes: [{ name: 'v' }],
        containers: [
          { name: 'c', image: 'nginx', env: [{ name: 'A', value: 'secret' }], ports: [{ containerPort: 80 }], resources: {} },
        ],
      },
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'False', reason: 'R', lastTransitionTime: 't' }],
        containerStatuses: [
          {
            name: 'c',
            ready: false,
            restartCount: 2,
            state: { waiting: { reason: 'W' } },
            lastState: { terminated: { exitCode: 1 } },
            image: 'nginx',
          },
        ],
      },
    } as UntypedObject);
    expect(kept).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'x',
        namespace: 'n',
        labels: { app: 'web' },
        annotations: { 'playground.kube/no-simulated-behaviour': 'c' },
      },
      spec: { nodeName: 'node-1', containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80 }] }] },
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'False', reason: 'R' }],
        containerStatuses: [
          {
            name: 'c',
            ready: false,
            restartCount: 2,
            state: { waiting: { reason: 'W' } },
            lastState: { terminated: { exitCode: 1 } },
          },
        ],
      },
    });
  });
});
