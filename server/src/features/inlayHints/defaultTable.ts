/**
 * Defaults that surprise: where they are, and how they are told. The values come from the kinds' own `applyDefaults`; this
 * table only says which of them are worth a place on the screen. Whatever is written in the manifest has no hint.
 */
import type { L10n, ServerText } from '../../l10n.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface DefaultHint {
  /** `group/Kind`. */
  readonly kinds: readonly string[];
  /** The structure that the field is missing from: `spec.ports[]`. `<pod>` is the pod's spec, wherever the kind has it. */
  readonly at: string;
  readonly field: string;
  /** The hint stands behind this field of the structure; behind the structure's name unless given. */
  readonly after?: string;
  /** From the default, and from the structure as it is written; undefined for no hint. `field: value` unless given. */
  readonly label?: (value: unknown, written: Fields, object: Fields, l10n: L10n) => string | undefined;
  readonly why: ServerText;
}

const workloads = ['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'apps/ReplicaSet', '/ReplicationController'];
const podHolders = [...workloads, 'batch/Job', 'batch/CronJob', '/Pod'];

const specOf = ({ spec }: Fields): Fields => (typeof spec === 'object' && spec !== null ? (spec as Fields) : {});
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const itemsOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isObject) : []);

const hasPreStop = ({ containers, initContainers }: Fields): boolean =>
  [...itemsOf(containers), ...itemsOf(initContainers)].some(
    ({ lifecycle }) => isObject(lifecycle) && lifecycle['preStop'] != null,
  );

function strategyText(value: unknown): string | undefined {
  if (!isObject(value) || !isObject(value['rollingUpdate'])) return undefined;
  const { maxSurge, maxUnavailable } = value['rollingUpdate'];
  return `strategy: ${String(value['type'])}, +${String(maxSurge)} −${String(maxUnavailable)}`;
}

export const defaultTable: readonly DefaultHint[] = [
  {
    kinds: ['/Service'],
    at: 'spec',
    field: 'type',
    why: 'Without a type the Service has an address inside the cluster only.',
  },
  {
    kinds: ['/Service'],
    at: 'spec.ports[]',
    field: 'targetPort',
    after: 'port',
    label: (value, _port, object) => {
      const { type, clusterIP } = specOf(object);
      return type === 'ExternalName' || clusterIP === 'None' ? undefined : `targetPort: ${String(value)}`;
    },
    why: 'Without a `targetPort` the containers are asked on the port of the Service.',
  },
  {
    kinds: ['apps/Deployment', 'apps/StatefulSet', 'apps/ReplicaSet', '/ReplicationController'],
    at: 'spec',
    field: 'replicas',
    why: 'Without `replicas` there is one pod when it is made; later applies leave the number alone.',
  },
  {
    kinds: ['apps/Deployment'],
    at: 'spec',
    field: 'strategy',
    label: strategyText,
    why: 'Without a strategy pods are replaced step by step: so many more than wanted may run, and so many fewer may be available, meanwhile.',
  },
  {
    kinds: ['apps/StatefulSet'],
    at: 'spec',
    field: 'podManagementPolicy',
    why: 'Pods are started one after the other; each waits until the one before is ready. `Parallel` starts them together.',
  },
  {
    kinds: ['apps/DaemonSet'],
    at: 'spec',
    field: 'updateStrategy',
    label: (value) =>
      isObject(value) && isObject(value['rollingUpdate'])
        ? `updateStrategy: ${String(value['type'])}, −${String(value['rollingUpdate']['maxUnavailable'])}`
        : undefined,
    why: 'A new template replaces the pods node by node, so many at a time.',
  },
  {
    kinds: ['batch/Job'],
    at: 'spec',
    field: 'backoffLimit',
    label: (value, { podFailurePolicy, backoffLimitPerIndex }) =>
      podFailurePolicy !== undefined || backoffLimitPerIndex !== undefined ? undefined : `backoffLimit: ${String(value)}`,
    why: 'After so many failures the Job is given up.',
  },
  {
    kinds: ['batch/CronJob'],
    at: 'spec',
    field: 'concurrencyPolicy',
    why: 'A run starts also while the one before is still going on. `Forbid` skips it, `Replace` ends the old one.',
  },
  {
    kinds: ['/Pod'],
    at: 'spec',
    field: 'restartPolicy',
    why: 'Containers are started again whenever they end, also after a success.',
  },
  {
    kinds: podHolders,
    at: '<pod>',
    field: 'terminationGracePeriodSeconds',
    label: (value, written) => (hasPreStop(written) ? `terminationGracePeriodSeconds: ${String(value)}` : undefined),
    why: 'The `preStop` hook and the end of the process together have so many seconds; then the process is killed.',
  },
  ...['containers', 'initContainers'].map((list): DefaultHint => ({
    kinds: podHolders,
    at: `<pod>.${list}[]`,
    field: 'imagePullPolicy',
    after: 'image',
    label: (value) => (value === 'Always' ? 'imagePullPolicy: Always' : undefined),
    why: 'The tag `latest`, or none at all, is looked up at the registry each time a container starts. Any other tag is taken from the node when it is there.',
  })),
  {
    kinds: ['autoscaling/HorizontalPodAutoscaler'],
    at: 'spec',
    field: 'minReplicas',
    why: 'It scales down to one pod.',
  },
  {
    kinds: ['autoscaling/HorizontalPodAutoscaler'],
    at: 'spec',
    field: 'metrics',
    label: (value, _written, _object, l10n) => {
      const [metric] = itemsOf(value);
      const target = isObject(metric?.['resource']) && isObject(metric['resource']['target']) ? metric['resource']['target'] : {};
      return l10n.t('metrics: cpu at {0} %', String(target['averageUtilization'] ?? 80));
    },
    why: 'Without metrics the processor time counts, as a part of what the pods request.',
  },
  {
    kinds: ['networking.k8s.io/NetworkPolicy'],
    at: 'spec',
    field: 'policyTypes',
    label: (value) => (Array.isArray(value) ? `policyTypes: ${value.join(', ')}` : undefined),
    why: 'Incoming connections are always limited; outgoing ones only where the policy has rules for them.',
  },
];
