/** What is told of the workloads that keep a number of pods: how many of what, how they are replaced, what they are made from. */
import type { KubeObject, LabelSelector } from '#common/api/meta.ts';
import { selectorText } from '#common/api/labelSelector.ts';
import type { Block, DetailValue } from '#common/protocol/details.ts';
import type { DetailsTexts } from '#common/protocol/detailsTexts.ts';
import type * as api from '#common/schema/generated/types.ts';
import { code, facts, link, section, table, text, texts } from '../blocks.ts';
import type { Describe } from '../describeContext.ts';
import { templateSections } from './pod.ts';

type Counts = readonly (readonly [label: string, count: number | undefined])[];

/** `3 desired · 3 updated · …`; what is zero is not said, but for the first. */
const countsText = (counts: Counts): DetailValue | undefined =>
  text(
    counts
      .filter(([, count], i) => count || (i === 0 && count !== undefined))
      .map(([label, count]) => `${count} ${label}`)
      .join(' · '),
  );

const selectorValue = (selector: LabelSelector | undefined): DetailValue | undefined => code(selector && selectorText(selector));

const namespaceOf = ({ metadata }: KubeObject): string => metadata.namespace ?? '';

export const describeDeployment: Describe<api.Deployment> = (deployment, ctx) => {
  const { texts: t, related } = ctx;
  const { spec, status, metadata } = deployment;
  const rolling = spec?.strategy?.rollingUpdate;
  const sets = (related.all('ReplicaSet') as api.ReplicaSet[]).filter((set) => isOwnedBy(set, deployment));
  return [
    ...section(
      'facts',
      'Deployment',
      facts(
        [
          t.replicas,
          countsText([
            [t.desired, spec?.replicas],
            [t.updated, status?.updatedReplicas],
            [t.total, status?.replicas],
            [t.available, status?.availableReplicas],
            [t.unavailable, status?.unavailableReplicas],
          ]),
        ],
        [t.paused, spec?.paused ? text(t.yes, 'warning') : undefined],
        [t.selector, selectorValue(spec?.selector)],
        [t.strategy, text(spec?.strategy?.type)],
        [
          t.rollingUpdate,
          rolling && text(`${rolling.maxUnavailable ?? ''} ${t.maxUnavailable}, ${rolling.maxSurge ?? ''} ${t.maxSurge}`),
        ],
        [t.minReady, spec?.minReadySeconds ? text(`${spec.minReadySeconds}s`) : undefined],
        [t.revision, text(metadata.annotations?.[revisionAnnotation])],
      ),
    ),
    ...section('revisions', t.revisions, revisionRows(sets, t)),
    ...templateSections(spec?.template, namespaceOf(deployment), ctx),
  ];
};

const revisionAnnotation = 'deployment.kubernetes.io/revision';

/** The Deployment's ReplicaSets, the newest first. */
function revisionRows(sets: readonly api.ReplicaSet[], t: DetailsTexts): Block[] {
  const revision = ({ metadata }: api.ReplicaSet): number => Number(metadata.annotations?.[revisionAnnotation] ?? 0);
  return table(
    [t.revision, 'ReplicaSet', t.replicas, t.images, t.changeCause],
    sets
      .toSorted((a, b) => revision(b) - revision(a))
      .map((set) => [
        text(revision(set)),
        link('apps/v1', 'ReplicaSet', set.metadata.namespace, set.metadata.name),
        text(`${set.status?.readyReplicas ?? 0}/${set.spec?.replicas ?? 0}`),
        texts(set.spec?.template?.spec?.containers.map(({ image }) => image)),
        text(set.metadata.annotations?.['kubernetes.io/change-cause']),
      ]),
  );
}

const isOwnedBy = (object: KubeObject, owner: KubeObject): boolean =>
  object.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) ?? false;

export const describeReplicaSet: Describe<api.ReplicaSet> = (set, ctx) => {
  const { texts: t } = ctx;
  const { spec, status } = set;
  return [
    ...section(
      'facts',
      set.kind ?? 'ReplicaSet',
      facts(
        [
          t.replicas,
          countsText([
            [t.desired, spec?.replicas],
            [t.current, status?.replicas],
            [ctx.stateTexts.ready, status?.readyReplicas],
            [t.available, status?.availableReplicas],
          ]),
        ],
        // A ReplicationController's selector is the plain map of the first API.
        [
          t.selector,
          selectorValue(
            set.kind === 'ReplicationController'
              ? { matchLabels: spec?.selector as unknown as Record<string, string> }
              : spec?.selector,
          ),
        ],
        [t.revision, text(set.metadata.annotations?.[revisionAnnotation])],
        [t.minReady, spec?.minReadySeconds ? text(`${spec.minReadySeconds}s`) : undefined],
      ),
    ),
    ...templateSections(spec?.template, namespaceOf(set), ctx),
  ];
};

export const describeStatefulSet: Describe<api.StatefulSet> = (set, ctx) => {
  const { texts: t } = ctx;
  const { spec, status } = set;
  const kept = spec?.persistentVolumeClaimRetentionPolicy;
  return [
    ...section(
      'facts',
      'StatefulSet',
      facts(
        [
          t.replicas,
          countsText([
            [t.desired, spec?.replicas],
            [t.current, status?.replicas],
            [ctx.stateTexts.ready, status?.readyReplicas],
            [t.updated, status?.updatedReplicas],
          ]),
        ],
        [t.selector, selectorValue(spec?.selector)],
        [t.service, link('v1', 'Service', namespaceOf(set), spec?.serviceName)],
        [t.podManagement, text(spec?.podManagementPolicy)],
        [t.strategy, text(spec?.updateStrategy?.type)],
        [t.partition, text(spec?.updateStrategy?.rollingUpdate?.partition || undefined)],
        [t.firstOrdinal, text(spec?.ordinals?.start || undefined)],
        [t.claimRetention, kept && text(`${t.whenDeleted}: ${kept.whenDeleted}, ${t.whenScaled}: ${kept.whenScaled}`)],
        [t.currentRevision, text(status?.currentRevision)],
        [t.updateRevision, status?.updateRevision === status?.currentRevision ? undefined : text(status?.updateRevision)],
      ),
      table(
        [t.volumeClaims, t.storageClass, t.capacity, t.accessModes],
        (spec?.volumeClaimTemplates ?? []).map((claim) => [
          text(claim.metadata.name),
          link('storage.k8s.io/v1', 'StorageClass', '', claim.spec?.storageClassName),
          text(claim.spec?.resources?.requests?.['storage']),
          texts(claim.spec?.accessModes),
        ]),
      ),
    ),
    ...templateSections(spec?.template, namespaceOf(set), ctx),
  ];
};

export const describeDaemonSet: Describe<api.DaemonSet> = (set, ctx) => {
  const { texts: t } = ctx;
  const { spec, status } = set;
  return [
    ...section(
      'facts',
      'DaemonSet',
      facts(
        [
          t.nodes,
          countsText([
            [t.desired, status?.desiredNumberScheduled],
            [t.current, status?.currentNumberScheduled],
            [t.updated, status?.updatedNumberScheduled],
            [ctx.stateTexts.ready, status?.numberReady],
            [t.available, status?.numberAvailable],
            [t.misscheduled, status?.numberMisscheduled],
          ]),
        ],
        [t.selector, selectorValue(spec?.selector)],
        [t.strategy, text(spec?.updateStrategy?.type)],
        [t.maxUnavailable, text(spec?.updateStrategy?.rollingUpdate?.maxUnavailable)],
        [t.minReady, spec?.minReadySeconds ? text(`${spec.minReadySeconds}s`) : undefined],
      ),
    ),
    ...templateSections(spec?.template, namespaceOf(set), ctx),
  ];
};
