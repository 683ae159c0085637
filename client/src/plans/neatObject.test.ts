import { expect, test } from 'vitest';
import type { KubeObject } from '#common/api/meta.ts';
import { differsInStatusAlone } from './neatObject.ts';

const before = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', uid: '1', resourceVersion: '7', generation: 2, labels: { app: 'web' } },
  spec: { replicas: 3 },
  status: { replicas: 2 },
} as unknown as KubeObject;
const changed = (part: object, metadata: object = {}): KubeObject =>
  ({ ...before, ...part, metadata: { ...before.metadata, resourceVersion: '8', ...metadata } }) as KubeObject;

test.each<[string, KubeObject, boolean]>([
  ['its status', changed({ status: { replicas: 3 } }), true],
  ['who owns which field', changed({}, { managedFields: [{ manager: 'x' }] }), true],
  ['what it is to be', changed({ spec: { replicas: 4 } }), false],
  ['a label', changed({}, { labels: { app: 'other' } }), false],
  ['everything: it was made anew', changed({}, { uid: '2' }), false],
])('an object that has changed in %s', (_, now, expected) => expect(differsInStatusAlone(before, now)).toBe(expected));
