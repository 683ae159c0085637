import { expect, test } from 'vitest';
import { keptPod } from './keptObject.ts';
import { SharedParts } from './sharedParts.ts';

test('equal parts are one, others stay what they are', () => {
  const parts = new SharedParts(10);
  const first = parts.of({ a: [1, { b: 'x' }] });
  expect(parts.of({ a: [1, { b: 'x' }] })).toBe(first);
  expect(parts.of({ a: [1, { b: 'y' }] })).toEqual({ a: [1, { b: 'y' }] });
  expect(parts.of(undefined)).toBeUndefined();
  // A text is not what the same text would be as JSON.
  const list = parts.of(['x']);
  expect(parts.of('["x"]')).toBe('["x"]');
  expect(parts.of(['x'])).toBe(list);
});

test('a part that is met again and again stays known, one that is not is forgotten', () => {
  const parts = new SharedParts(3);
  const often = parts.of({ often: true });
  const once = parts.of({ once: true });
  for (let i = 0; i < 20; i++) {
    parts.of({ i });
    expect(parts.of({ often: true })).toBe(often);
  }
  expect(parts.of({ once: true })).not.toBe(once);
});

test('pods of one template share what is the same', () => {
  const pod = (name: string, node: string) =>
    keptPod({
      metadata: {
        name,
        labels: { app: 'web' },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u' }],
      },
      spec: { nodeName: node, containers: [{ name: 'web', image: 'nginx' }] },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    } as never) as unknown as Record<'metadata' | 'spec' | 'status', Record<string, unknown>>;
  const [a, b] = [pod('a', 'node-1'), pod('b', 'node-2')];
  expect(b.metadata['labels']).toBe(a.metadata['labels']);
  expect(b.metadata['ownerReferences']).toBe(a.metadata['ownerReferences']);
  expect(b.spec['containers']).toBe(a.spec['containers']);
  expect(b.status['conditions']).toBe(a.status['conditions']);
  expect([a.spec['nodeName'], b.spec['nodeName']]).toEqual(['node-1', 'node-2']);
});
