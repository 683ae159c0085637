/** A few keys of labels and annotations that Kubernetes or its tools act on, with the values that they know. */
import type { ServerText } from '../../l10n.ts';
import type { AtOffset, Completion } from '../feature.ts';
import { keyItem, valueItem } from './items.ts';
import { type CompletionPlace, placeAt } from './place.ts';

interface WellKnown {
  readonly key: string;
  readonly field: 'labels' | 'annotations';
  readonly about: ServerText;
  /** Of the objects that have it; of all unless given. `Pod` stands for templates too. */
  readonly kinds?: readonly string[];
  readonly values?: readonly string[];
}

const workloads = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Pod'];
const levels = ['privileged', 'baseline', 'restricted'];
const truth = ['true', 'false'];

const wellKnown: readonly WellKnown[] = [
  { key: 'app.kubernetes.io/name', field: 'labels', about: 'The name of the application' },
  { key: 'app.kubernetes.io/instance', field: 'labels', about: 'Tells one installation of it from another' },
  { key: 'app.kubernetes.io/version', field: 'labels', about: 'The version of the application' },
  { key: 'app.kubernetes.io/component', field: 'labels', about: 'Its part in the architecture: database, cache, web' },
  { key: 'app.kubernetes.io/part-of', field: 'labels', about: 'What it is a part of' },
  { key: 'app.kubernetes.io/managed-by', field: 'labels', about: 'The tool that keeps it' },
  ...(
    [
      ['enforce', 'Pod security: the level to enforce'],
      ['warn', 'Pod security: the level to warn'],
      ['audit', 'Pod security: the level to audit'],
    ] as const
  ).map(([mode, about]): WellKnown => ({
    key: `pod-security.kubernetes.io/${mode}`,
    field: 'labels',
    about,
    kinds: ['Namespace'],
    values: levels,
  })),
  { key: 'kubernetes.io/description', field: 'annotations', about: 'A few words for people' },
  { key: 'kubernetes.io/change-cause', field: 'annotations', about: 'Shown by kubectl rollout history', kinds: workloads },
  {
    key: 'kubectl.kubernetes.io/default-container',
    field: 'annotations',
    about: 'Which container kubectl logs and exec take',
    kinds: ['Pod'],
  },
  { key: 'kubectl.kubernetes.io/restartedAt', field: 'annotations', about: 'Changed by kubectl rollout restart', kinds: ['Pod'] },
  {
    key: 'cluster-autoscaler.kubernetes.io/safe-to-evict',
    field: 'annotations',
    about: 'Whether a node may be emptied of it',
    kinds: ['Pod'],
    values: truth,
  },
  {
    key: 'controller.kubernetes.io/pod-deletion-cost',
    field: 'annotations',
    about: 'The lower, the sooner it goes on scaling down',
    kinds: ['Pod'],
  },
  {
    key: 'storageclass.kubernetes.io/is-default-class',
    field: 'annotations',
    about: 'For claims that name no class',
    kinds: ['StorageClass'],
    values: truth,
  },
  {
    key: 'ingressclass.kubernetes.io/is-default-class',
    field: 'annotations',
    about: 'For Ingresses that name no class',
    kinds: ['IngressClass'],
    values: truth,
  },
  {
    key: 'service.kubernetes.io/topology-mode',
    field: 'annotations',
    about: 'Keeps traffic in the zone',
    kinds: ['Service'],
    values: ['Auto', 'Disabled'],
  },
  { key: 'kubernetes.io/service-account.name', field: 'annotations', about: 'Whose token the Secret holds', kinds: ['Secret'] },
  {
    key: 'rbac.authorization.kubernetes.io/autoupdate',
    field: 'annotations',
    about: 'Default rules are put back at start',
    kinds: ['ClusterRole', 'ClusterRoleBinding'],
    values: truth,
  },
];

export const provideMetadataKeyCompletion: AtOffset<readonly Completion[]> = (snapshot, file, offset) => {
  const place = placeAt(snapshot, file, offset);
  if (!place?.gvk) return undefined;
  const map = place.position === 'key' ? place.path : place.path.slice(0, -1);
  const field = map.at(-1);
  if ((field !== 'labels' && field !== 'annotations') || map.at(-2) !== 'metadata') return undefined;
  const fitting = wellKnown.filter((each) => each.field === field && appliesTo(each, place, map.length > 2));
  if (place.position === 'key') {
    return fitting
      .filter(({ key }) => !place.siblings.includes(key))
      .map(({ key, about, values }) =>
        keyItem(place, key, 'scalar', 'label', {
          detail: snapshot.l10n.t(about),
          sort: `5${key}`,
          ...(values ? { retrigger: true } : {}),
        }),
      );
  }
  const values = fitting.find(({ key }) => key === place.path.at(-1))?.values;
  return values?.map((value) => valueItem(place, value, 'enum', { sort: `1${value}` }));
};

const appliesTo = ({ kinds }: WellKnown, { gvk }: CompletionPlace, inTemplate: boolean): boolean =>
  !kinds || kinds.includes(inTemplate ? 'Pod' : (gvk?.kind ?? ''));
