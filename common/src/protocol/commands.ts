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
  'kubePlayground.diff',
  'kubePlayground.restart',
  'kubePlayground.rollback',
  'kubePlayground.pause',
  'kubePlayground.resume',
  'kubePlayground.shell',
  'kubePlayground.portForward',
  'kubePlayground.forwardedPorts',
  'kubePlayground.openInBrowser',
  'kubePlayground.editLive',
  'kubePlayground.cordon',
  'kubePlayground.uncordon',
  'kubePlayground.drain',
  'kubePlayground.stopNode',
  'kubePlayground.startNode',
  'kubePlayground.addNode',
  'kubePlayground.runImage',
  'kubePlayground.selectCluster',
  'kubePlayground.revertLastApply',
  'kubePlayground.turnApplyOnSaveOn',
  'kubePlayground.turnApplyOnSaveOff',
  'kubePlayground.explain',
  'kubePlayground.openExample',
  'kubePlayground.openWalkthrough',
] as const;

export type CommandId = (typeof commandIds)[number];

export const isCommandId = (value: unknown): value is CommandId => (commandIds as readonly unknown[]).includes(value);

/** What is offered above an object in a file. Each gets a DocumentTarget. */
export const documentCommands = {
  apply: 'kubePlayground.apply',
  diff: 'kubePlayground.diff',
  logs: 'kubePlayground.showLogs',
  describe: 'kubePlayground.describe',
  remove: 'kubePlayground.deleteObject',
} as const;

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
export const restartableKinds = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;
export const pausableKinds = ['Deployment', 'Job', 'CronJob'] as const;
/** Those with pods to go into, or to forward ports to. */
export const shellKinds = [
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'Pod',
  'Container',
] as const;
export const forwardableKinds = [
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
  'DaemonSet',
  'Pod',
  'Service',
] as const;
export const browsableKinds = ['Service', 'Ingress', 'Deployment', 'StatefulSet', 'Pod'] as const;
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
/** What a person writes besides workloads; CustomResource and Object stand for all kinds without a row of their own making. */
const otherKinds = [
  'Ingress',
  'NetworkPolicy',
  'ConfigMap',
  'Secret',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
  'ResourceQuota',
  'LimitRange',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'StorageClass',
  'ServiceAccount',
  'Role',
  'RoleBinding',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'CustomResource',
  'Object',
] as const;
const objectKinds = ['Node', 'Namespace', ...workloadKinds, 'Service', ...otherKinds] as const;

/** What decides whether a command is of use to a row: a computer that is on or off, a node that is cordoned, what is paused. */
export type RowTrait = 'on' | 'off' | 'cordoned' | 'paused';

export interface RowCommand {
  readonly id: CommandId;
  /** Kinds of rows that offer it. */
  readonly kinds: readonly string[];
  /** Commands of one group stand together. */
  readonly group: 'open' | 'enter' | 'change' | 'copy' | 'delete';
  /** Only rows with, or without, this trait offer it. */
  readonly when?: RowTrait;
  readonly unless?: RowTrait;
}

export const isOffered = (
  { kinds, when, unless }: RowCommand,
  { kind, traits = [] }: { readonly kind: string; readonly traits?: readonly RowTrait[] },
): boolean => kinds.includes(kind) && (!when || traits.includes(when)) && (!unless || !traits.includes(unless));

/** What a row's menu offers, in this order. */
export const rowCommands: readonly RowCommand[] = [
  { id: 'kubePlayground.describe', kinds: objectKinds, group: 'open' },
  { id: 'kubePlayground.showLogs', kinds: loggableKinds, group: 'open' },
  { id: 'kubePlayground.revealInYaml', kinds: [...workloadKinds, 'Service', 'Namespace', ...otherKinds], group: 'open' },
  { id: 'kubePlayground.openInBrowser', kinds: browsableKinds, group: 'open' },
  { id: 'kubePlayground.diff', kinds: [...workloadKinds, 'Service', 'Namespace', ...otherKinds], group: 'open' },
  { id: 'kubePlayground.explain', kinds: [...workloadKinds, 'Service'], group: 'open' },
  { id: 'kubePlayground.shell', kinds: shellKinds, group: 'enter' },
  { id: 'kubePlayground.portForward', kinds: forwardableKinds, group: 'enter' },
  { id: 'kubePlayground.scale', kinds: scalableKinds, group: 'change' },
  { id: 'kubePlayground.expose', kinds: exposableKinds, group: 'change' },
  { id: 'kubePlayground.restart', kinds: restartableKinds, group: 'change' },
  { id: 'kubePlayground.rollback', kinds: restartableKinds, group: 'change' },
  { id: 'kubePlayground.pause', kinds: pausableKinds, group: 'change', unless: 'paused' },
  { id: 'kubePlayground.resume', kinds: pausableKinds, group: 'change', when: 'paused' },
  { id: 'kubePlayground.cordon', kinds: ['Node'], group: 'change', unless: 'cordoned' },
  { id: 'kubePlayground.uncordon', kinds: ['Node'], group: 'change', when: 'cordoned' },
  { id: 'kubePlayground.drain', kinds: ['Node'], group: 'change' },
  { id: 'kubePlayground.stopNode', kinds: ['Node'], group: 'change', when: 'on' },
  { id: 'kubePlayground.startNode', kinds: ['Node'], group: 'change', when: 'off' },
  { id: 'kubePlayground.runImage', kinds: ['Namespace', 'Cluster'], group: 'change' },
  { id: 'kubePlayground.addNode', kinds: ['Cluster'], group: 'change' },
  { id: 'kubePlayground.selectCluster', kinds: ['Cluster'], group: 'change' },
  { id: 'kubePlayground.editLive', kinds: objectKinds, group: 'change' },
  { id: 'kubePlayground.copyName', kinds: [...objectKinds, 'Container', 'Endpoint', 'Backend', 'Volume'], group: 'copy' },
  { id: 'kubePlayground.deleteObject', kinds: [...workloadKinds, 'Service', 'Namespace', ...otherKinds], group: 'delete' },
];
