/**
 * The extension's commands: the only list of their ids, and of which objects each is offered for. package.json's
 * contributions are checked against it by a test, and the tree's menu in a browser is made from it.
 */
export const commandIds = [
  'kubePlayground.start',
  'kubePlayground.stop',
  'kubePlayground.apply',
  'kubePlayground.deleteObjects',
  'kubePlayground.toggleApplyOnSave',
  'kubePlayground.scale',
  'kubePlayground.expose',
  'kubePlayground.showLogs',
  'kubePlayground.describe',
  'kubePlayground.copyName',
  'kubePlayground.revealInYaml',
  'kubePlayground.deleteObject',
] as const;

export type CommandId = (typeof commandIds)[number];

export const isCommandId = (value: unknown): value is CommandId => (commandIds as readonly unknown[]).includes(value);

export const scalableKinds = ['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet'] as const;
export const exposableKinds = ['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet', 'DaemonSet', 'Pod'] as const;
export const loggableKinds = [
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'Pod',
  'Container',
] as const;
const workloadKinds = [
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'Pod',
] as const;
const objectKinds = ['Node', 'Namespace', ...workloadKinds, 'Service'] as const;

export interface RowCommand {
  readonly id: CommandId;
  /** Kinds of rows that offer it. */
  readonly kinds: readonly string[];
  /** Commands of one group stand together. */
  readonly group: 'open' | 'change' | 'copy' | 'delete';
}

/** What a row's menu offers, in this order. */
export const rowCommands: readonly RowCommand[] = [
  { id: 'kubePlayground.describe', kinds: objectKinds, group: 'open' },
  { id: 'kubePlayground.showLogs', kinds: loggableKinds, group: 'open' },
  { id: 'kubePlayground.revealInYaml', kinds: [...workloadKinds, 'Service', 'Namespace'], group: 'open' },
  { id: 'kubePlayground.scale', kinds: scalableKinds, group: 'change' },
  { id: 'kubePlayground.expose', kinds: exposableKinds, group: 'change' },
  { id: 'kubePlayground.copyName', kinds: [...objectKinds, 'Container', 'Endpoint'], group: 'copy' },
  { id: 'kubePlayground.deleteObject', kinds: [...workloadKinds, 'Service', 'Namespace'], group: 'delete' },
];
