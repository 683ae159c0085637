/** Pages of what makes pods: their number, their state, their template. */
import { deepEqual } from '#common/base/freeze.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import { controllerOf } from '#common/api/meta.ts';
import { selectorFromLabelSelector, selectorFromMap } from '#common/api/labelSelector.ts';
import { formatLabelSelector, formatMap } from '#common/kinds/columnText.ts';
import type {
  DaemonSet,
  Deployment,
  Pod,
  PodTemplateSpec,
  ReplicaSet,
  ReplicationController,
  StatefulSet,
} from '#common/schema/generated/types.ts';
import { annotationLines, controllerLine, eventLines, labelLines, timeText } from './common.ts';
import { type DescribeContext, type Describer, listOf, Page } from './describer.ts';
import { templateLines } from './podSpec.ts';

export const describeDeployment: Describer = async (ctx, object) => {
  const deployment = object as unknown as Deployment;
  const { metadata, spec, status } = deployment;
  const page = new Page();
  page.line(0, `Name:\t${metadata.name ?? ''}`);
  page.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
  page.line(0, `CreationTimestamp:\t${timeText(metadata.creationTimestamp)}`);
  labelLines(page, 'Labels', metadata.labels);
  annotationLines(page, 'Annotations', metadata.annotations);
  page.line(0, `Selector:\t${formatLabelSelector(spec?.selector)}`);
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, unavailableReplicas = 0 } = status ?? {};
  page.line(
    0,
    `Replicas:\t${spec?.replicas ?? 0} desired | ${updatedReplicas} updated | ${replicas} total | ${availableReplicas} available | ${unavailableReplicas} unavailable`,
  );
  page.line(0, `StrategyType:\t${spec?.strategy?.type ?? ''}`);
  page.line(0, `MinReadySeconds:\t${spec?.minReadySeconds ?? 0}`);
  const rolling = spec?.strategy?.rollingUpdate;
  if (rolling)
    page.line(0, `RollingUpdateStrategy:\t${rolling.maxUnavailable ?? 0} max unavailable, ${rolling.maxSurge ?? 0} max surge`);
  templateLines(page, spec?.template);
  if (status?.conditions?.length) {
    page.lines(0, ['Conditions:', '  Type\tStatus\tReason', '  ----\t------\t------']);
    for (const { type, status: value, reason = '' } of status.conditions) page.line(1, `${type} \t${value}\t${reason}`);
  }
  const sets = await setsOf(ctx, deployment);
  const [newest] = sets
    .filter((set) => deepEqual(withoutHash(set.spec?.template), withoutHash(spec?.template)))
    .sort((a, b) => ((a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? -1 : 1));
  page.line(0, `OldReplicaSets:\t${setsText(sets.filter((set) => set !== newest))}`);
  page.line(0, `NewReplicaSet:\t${setsText(newest ? [newest] : [])}`);
  await eventLines(ctx, page, object);
  return page.toString();
};

async function setsOf(ctx: DescribeContext, { metadata, spec }: Deployment): Promise<ReplicaSet[]> {
  const labelSelector = selectorFromLabelSelector(spec?.selector).text;
  const sets = await listOf<ReplicaSet>(ctx, 'apps/v1', 'replicasets', metadata.namespace, { labelSelector });
  return sets.filter((set) => controllerOf(set)?.uid === metadata.uid);
}

export function withoutHash(template: PodTemplateSpec | undefined): PodTemplateSpec | undefined {
  const { 'pod-template-hash': _, ...labels } = template?.metadata?.labels ?? {};
  return template && { ...template, metadata: { ...template.metadata, labels } };
}

const setsText = (sets: readonly ReplicaSet[]): string =>
  sets
    .map(
      ({ metadata, spec, status }) => `${metadata.name ?? ''} (${status?.replicas ?? 0}/${spec?.replicas ?? 0} replicas created)`,
    )
    .join(', ') || '<none>';

/** `2 Running / 0 Waiting / 0 Succeeded / 0 Failed` of the pods that belong to `owner`. */
async function podsText(ctx: DescribeContext, { metadata }: UntypedObject, labelSelector: string): Promise<string> {
  const pods = (await listOf<Pod>(ctx, 'v1', 'pods', metadata.namespace, { labelSelector })).filter(
    (pod) => controllerOf(pod)?.uid === metadata.uid,
  );
  const count = (phase: string): number => pods.filter(({ status }) => status?.phase === phase).length;
  return `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`;
}

const describeReplicas = async (
  ctx: DescribeContext,
  object: UntypedObject,
  selector: { readonly shown: string; readonly query: string },
): Promise<string> => {
  const { metadata, spec, status } = object as unknown as ReplicaSet;
  const page = new Page();
  page.line(0, `Name:\t${metadata.name ?? ''}`);
  page.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
  page.line(0, `Selector:\t${selector.shown}`);
  labelLines(page, 'Labels', metadata.labels);
  annotationLines(page, 'Annotations', metadata.annotations);
  controllerLine(page, object);
  page.line(0, `Replicas:\t${status?.replicas ?? 0} current / ${spec?.replicas ?? 0} desired`);
  page.line(0, `Pods Status:\t${await podsText(ctx, object, selector.query)}`);
  templateLines(page, spec?.template);
  if (status?.conditions?.length) {
    page.lines(0, ['Conditions:', '  Type\tStatus\tReason', '  ----\t------\t------']);
    for (const { type, status: value, reason = '' } of status.conditions) page.line(1, `${type} \t${value}\t${reason}`);
  }
  await eventLines(ctx, page, object);
  return page.toString();
};

export const describeReplicaSet: Describer = (ctx, object) => {
  const { spec } = object as unknown as ReplicaSet;
  return describeReplicas(ctx, object, {
    shown: formatLabelSelector(spec?.selector),
    query: selectorFromLabelSelector(spec?.selector).text,
  });
};

export const describeReplicationController: Describer = (ctx, object) => {
  const { spec } = object as unknown as ReplicationController;
  return describeReplicas(ctx, object, { shown: formatMap(spec?.selector), query: selectorFromMap(spec?.selector).text });
};

export const describeStatefulSet: Describer = async (ctx, object) => {
  const { metadata, spec, status } = object as unknown as StatefulSet;
  const page = new Page();
  page.line(0, `Name:\t${metadata.name ?? ''}`);
  page.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
  page.line(0, `CreationTimestamp:\t${timeText(metadata.creationTimestamp)}`);
  page.line(0, `Selector:\t${formatLabelSelector(spec?.selector)}`);
  labelLines(page, 'Labels', metadata.labels);
  annotationLines(page, 'Annotations', metadata.annotations);
  page.line(0, `Replicas:\t${spec?.replicas ?? 0} desired | ${status?.replicas ?? 0} total`);
  page.line(0, `Update Strategy:\t${spec?.updateStrategy?.type ?? ''}`);
  const rolling = spec?.updateStrategy?.rollingUpdate;
  if (rolling?.partition !== undefined) {
    page.line(1, `Partition:\t${rolling.partition}`);
    if (rolling.maxUnavailable !== undefined) page.line(1, `MaxUnavailable:\t${rolling.maxUnavailable}`);
  }
  page.line(0, `Pods Status:\t${await podsText(ctx, object, selectorFromLabelSelector(spec?.selector).text)}`);
  templateLines(page, spec?.template);
  const claims = spec?.volumeClaimTemplates ?? [];
  page.line(0, `Volume Claims:${claims.length === 0 ? '\t<none>' : ''}`);
  for (const claim of claims) {
    page.line(1, `Name:\t${claim.metadata.name ?? ''}`);
    page.line(
      1,
      `StorageClass:\t${claim.spec?.storageClassName ?? claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? ''}`,
    );
    labelLines(page, 'Labels', claim.metadata.labels, '  ');
    annotationLines(page, 'Annotations', claim.metadata.annotations, '  ');
    page.line(1, `Capacity:\t${claim.spec?.resources?.requests?.['storage'] ?? '<default>'}`);
    page.line(1, `Access Modes:\t[${(claim.spec?.accessModes ?? []).join(' ')}]`);
  }
  await eventLines(ctx, page, object);
  return page.toString();
};

export const describeDaemonSet: Describer = async (ctx, object) => {
  const { metadata, spec, status } = object as unknown as DaemonSet;
  const page = new Page();
  page.line(0, `Name:\t${metadata.name ?? ''}`);
  page.line(0, `Selector:\t${formatLabelSelector(spec?.selector)}`);
  page.line(0, `Node-Selector:\t${formatMap(spec?.template.spec?.nodeSelector)}`);
  labelLines(page, 'Labels', metadata.labels);
  annotationLines(page, 'Annotations', metadata.annotations);
  page.lines(0, [
    `Desired Number of Nodes Scheduled: ${status?.desiredNumberScheduled ?? 0}`,
    `Current Number of Nodes Scheduled: ${status?.currentNumberScheduled ?? 0}`,
    `Number of Nodes Scheduled with Up-to-date Pods: ${status?.updatedNumberScheduled ?? 0}`,
    `Number of Nodes Scheduled with Available Pods: ${status?.numberAvailable ?? 0}`,
    `Number of Nodes Misscheduled: ${status?.numberMisscheduled ?? 0}`,
  ]);
  page.line(0, `Pods Status:\t${await podsText(ctx, object, selectorFromLabelSelector(spec?.selector).text)}`);
  templateLines(page, spec?.template);
  await eventLines(ctx, page, object);
  return page.toString();
};
