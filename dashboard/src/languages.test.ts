/** Rows in Chinese: the words are ours, reasons and phases are Kubernetes'. */
import { expect, test } from 'vitest';
import type { KubeObject } from '#common/api/meta.ts';
import { TreeModel } from './treeModel.ts';
import { wordsOf } from './web/languages.ts';

const { tree } = await wordsOf('zh-cn');

const container = (state: object): object => ({
  spec: { containers: [{ name: 'app', image: 'nginx' }] },
  status: { phase: 'Running', containerStatuses: [{ name: 'app', ready: false, restartCount: 1, state }] },
});

test.each<[string, object, string]>([
  ['Deployment', { spec: { paused: true } }, '已暂停'],
  ['Job', { spec: { suspend: true } }, '已挂起'],
  ['CronJob', { spec: { suspend: true, schedule: '@daily' } }, '@daily · 已挂起'],
  [
    'Service',
    { spec: { clusterIP: 'None', selector: { app: 'web' }, ports: [{ port: 80 }] } },
    '无头 80 · 其选择器未匹配任何 Pod',
  ],
  ['ConfigMap', { data: { a: '', b: '' } }, '2 个键'],
  ['Pod', container({ terminated: { exitCode: 3, reason: 'Error' } }), 'Error: 退出码 3'],
  ['PersistentVolumeClaim', { status: { phase: 'Pending' } }, 'Pending'],
])('%s', (kind, rest, expected) => {
  const model = new TreeModel('playground', tree);
  model.set(kind, { apiVersion: 'v1', kind, metadata: { name: 'a', uid: 'a', namespace: 'default' }, ...rest } as KubeObject);
  const row = [...model.rows()].find(({ id }) => id === 'a');
  expect([row?.detail, row?.why].filter((part) => part).join(' · ')).toBe(expected);
});
