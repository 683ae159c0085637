import { expect, test } from 'vitest';
import type { ControllerRevision, Deployment, PodTemplateSpec, ReplicaSet } from '#common/schema/generated/types.ts';
import { controllerRevisions, deploymentRevisions } from './rollback.ts';

const template = (image: string, hash?: string): PodTemplateSpec => ({
  metadata: { labels: { app: 'web', ...(hash ? { 'pod-template-hash': hash } : {}) } },
  spec: { containers: [{ name: 'app', image }] },
});

const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'web', controller: true };

const set = (revision: number, image: string, annotations: Record<string, string> = {}, owners = [owner]): ReplicaSet => ({
  metadata: {
    name: `web-${revision}`,
    creationTimestamp: `2026-01-0${revision}T00:00:00Z`,
    annotations: {
      'deployment.kubernetes.io/revision': String(revision),
      'deployment.kubernetes.io/desired-replicas': '3',
      ...annotations,
    },
    ownerReferences: owners,
  },
  spec: { selector: {}, template: template(image, `hash${revision}`) },
});

const deployment: Deployment = {
  metadata: {
    name: 'web',
    uid: 'web',
    annotations: { 'deployment.kubernetes.io/revision': '3', 'kubernetes.io/change-cause': 'now', mine: 'gone' },
  },
  spec: { selector: {}, template: template('nginx:3') },
};

test('revisions of a Deployment, the newest first, with what tells them apart', () => {
  const stranger = set(9, 'x', {}, [{ ...owner, uid: 'other' }]);
  const revisions = deploymentRevisions(deployment, [
    set(1, 'nginx:1', { 'kubernetes.io/change-cause': 'first' }),
    set(3, 'nginx:3'),
    stranger,
    set(2, 'nginx:2'),
  ]);
  expect(revisions.map(({ number, current, images }) => [number, current, ...images])).toEqual([
    [3, true, 'nginx:3'],
    [2, false, 'nginx:2'],
    [1, false, 'nginx:1'],
  ]);
  expect(revisions[2]).toMatchObject({ cause: 'first', since: '2026-01-01T00:00:00Z' });
});

test("going back takes the template without its hash and the revision's annotations, and keeps the Deployment's own", () => {
  const [revision] = deploymentRevisions(deployment, [set(1, 'nginx:1', { 'kubernetes.io/change-cause': 'first' })]);
  expect(revision?.patch).toEqual({
    type: 'json',
    body: [
      { op: 'replace', path: '/spec/template', value: template('nginx:1') },
      {
        op: 'replace',
        path: '/metadata/annotations',
        value: { 'deployment.kubernetes.io/revision': '3', 'kubernetes.io/change-cause': 'first' },
      },
    ],
  });
});

test('ControllerRevisions are patches as they are; the newest is the present one', () => {
  const revision = (number: number, uid = 'web'): ControllerRevision => ({
    metadata: { name: `web-${number}`, ownerReferences: [{ ...owner, uid }] },
    revision: number,
    data: { spec: { template: { ...template(`nginx:${number}`), $patch: 'replace' } } },
  });
  const revisions = controllerRevisions({ metadata: { name: 'web', uid: 'web' } }, [
    revision(1),
    revision(2),
    revision(7, 'other'),
  ]);
  expect(revisions.map(({ number, current, images }) => [number, current, ...images])).toEqual([
    [2, true, 'nginx:2'],
    [1, false, 'nginx:1'],
  ]);
  expect(revisions[1]?.patch).toEqual({ type: 'strategic', body: revision(1).data });
});
