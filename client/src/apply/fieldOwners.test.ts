import { describe, expect, test } from 'vitest';
import type { KubeObject, ManagedFieldsEntry } from '#common/api/meta.ts';
import { appliedPart, ownersOf } from './fieldOwners.ts';

const entry = (
  manager: string,
  operation: 'Apply' | 'Update',
  fieldsV1: Record<string, unknown>,
  rest = {},
): ManagedFieldsEntry => ({
  manager,
  operation,
  fieldsV1,
  ...rest,
});

describe('owners of a field', () => {
  const entries = [
    entry('kube-playground', 'Apply', { 'f:spec': { 'f:replicas': {} } }),
    entry('kubectl-edit', 'Update', {
      'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"app"}': { '.': {}, 'f:image': {} } } } } },
    }),
    entry('scaler', 'Update', { 'f:spec': { 'f:replicas': {} } }, { subresource: 'scale' }),
  ];
  test.each([
    ['.spec.replicas', ['kube-playground', 'scaler']],
    ['.spec.template.spec.containers[name="app"].image', ['kubectl-edit']],
    ['.spec.paused', []],
  ])('%s', (field, expected) => {
    expect(ownersOf(entries, field).map(({ manager }) => manager)).toEqual(expected);
  });
});

describe('what was applied', () => {
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'web',
      namespace: 'default',
      uid: 'u',
      labels: { app: 'web', other: 'x' },
      finalizers: ['a', 'b'],
      managedFields: [
        entry('kube-playground', 'Apply', {
          'f:metadata': { 'f:labels': { 'f:app': {} }, 'f:finalizers': { 'v:"b"': {} } },
          'f:spec': {
            'f:replicas': {},
            'f:selector': {},
            'f:template': {
              'f:spec': {
                'f:containers': {
                  'k:{"name":"app"}': {
                    '.': {},
                    'f:name': {},
                    'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
                  },
                },
              },
            },
          },
        }),
        entry('kubelet', 'Update', { 'f:status': {} }, { subresource: 'status' }),
      ],
    },
    spec: {
      replicas: 3,
      paused: true,
      selector: { matchLabels: { app: 'web' } },
      template: {
        spec: {
          containers: [
            { name: 'sidecar', image: 'x' },
            { name: 'app', image: 'nginx', ports: [{ containerPort: 80, protocol: 'TCP' }] },
          ],
        },
      },
    },
    status: { replicas: 3 },
  } satisfies KubeObject & Record<string, unknown>;

  test('is what the set names, down to items of lists', () => {
    expect(appliedPart(object, 'kube-playground')).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default', labels: { app: 'web' }, finalizers: ['b'] },
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: 'web' } },
        template: { spec: { containers: [{ name: 'app', ports: [{ containerPort: 80 }] }] } },
      },
    });
  });

  test('is nothing of a manager that never applied', () => {
    expect(appliedPart(object, 'kubelet')).toBeUndefined();
  });
});
