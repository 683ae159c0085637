/** Which description is for which kind: the only list. */
import type { KubeObject } from '#common/api/meta.ts';
import type { Section } from '#common/protocol/details.ts';
import { facts, labels, link, list, section, table, text, texts, time } from './blocks.ts';
import type { Describe, DescribeContext } from './describeContext.ts';
import { describeAutoscaler } from './kinds/autoscaler.ts';
import { describeConfigMap, describeSecret } from './kinds/config.ts';
import { describeGeneric } from './kinds/generic.ts';
import { describeCronJob, describeJob } from './kinds/jobs.ts';
import { describeNamespace } from './kinds/namespace.ts';
import { describeIngress, describeService } from './kinds/network.ts';
import { describeNode } from './kinds/node.ts';
import { describePod } from './kinds/pod.ts';
import { describeClaim, describeVolume } from './kinds/storage.ts';
import { describeDaemonSet, describeDeployment, describeReplicaSet, describeStatefulSet } from './kinds/workloads.ts';
import { conditionsOf } from './objectState.ts';
import { relatedSection } from './relatedSection.ts';

// Each entry's kind says which type its objects are of.
const descriptions: ReadonlyMap<string, Describe> = new Map(
  Object.entries({
    'v1/Pod': describePod,
    'v1/ReplicationController': describeReplicaSet,
    'v1/Service': describeService,
    'v1/Node': describeNode,
    'v1/Namespace': describeNamespace,
    'v1/ConfigMap': describeConfigMap,
    'v1/Secret': describeSecret,
    'v1/PersistentVolumeClaim': describeClaim,
    'v1/PersistentVolume': describeVolume,
    'apps/v1/Deployment': describeDeployment,
    'apps/v1/ReplicaSet': describeReplicaSet,
    'apps/v1/StatefulSet': describeStatefulSet,
    'apps/v1/DaemonSet': describeDaemonSet,
    'batch/v1/Job': describeJob,
    'batch/v1/CronJob': describeCronJob,
    'networking.k8s.io/v1/Ingress': describeIngress,
    'autoscaling/v2/HorizontalPodAutoscaler': describeAutoscaler,
  }) as [string, Describe][],
);

/** Everything that is told of the object, in the order in which it is shown. */
export function describeObject(object: KubeObject, ctx: DescribeContext): Section[] {
  const describe = descriptions.get(`${object.apiVersion ?? ''}/${object.kind ?? ''}`) ?? describeGeneric;
  const own = describe(object, ctx);
  // A pod's containers say how it is, and its conditions sum that up; of other objects the conditions say it.
  const before = own.findIndex(({ id }) => id === 'containers') + 1 || 1;
  return [
    ...own.slice(0, before),
    ...conditionsSection(object, ctx),
    ...own.slice(before),
    ...relatedSection(object, ctx),
    ...metadataSection(object, ctx),
  ];
}

/** Conditions whose truth is bad news. */
const bad = /Pressure$|NetworkUnavailable|Failure|^Failed$|^FailureTarget$|Suspended|DisruptionTarget/;

function conditionsSection(object: KubeObject, { texts: t }: DescribeContext): Section[] {
  return section(
    'conditions',
    t.conditions,
    table(
      [t.condition, t.status, t.reason, t.message, t.since],
      conditionsOf(object).map(({ type, status, reason, message, lastTransitionTime }) => {
        const isWell = (status === 'True') !== bad.test(type);
        const tone = status === 'Unknown' ? 'warning' : isWell ? 'good' : 'warning';
        return [text(type), text(status, tone), text(reason), text(message), time(lastTransitionTime)];
      }),
    ),
  );
}

function metadataSection({ metadata, apiVersion }: KubeObject, { texts: t }: DescribeContext): Section[] {
  return section(
    'metadata',
    t.metadata,
    facts(
      [t.namespace, link('v1', 'Namespace', '', metadata.namespace)],
      [t.apiVersion, text(apiVersion)],
      [t.created, time(metadata.creationTimestamp)],
      [t.deletionBegan, time(metadata.deletionTimestamp)],
      [
        t.ownedBy,
        list(
          (metadata.ownerReferences ?? []).map((owner) =>
            link(owner.apiVersion, owner.kind, metadata.namespace, owner.name, `${owner.kind} ${owner.name}`),
          ),
        ),
      ],
      [t.labels, labels(metadata.labels)],
      [t.annotations, labels(shortAnnotations(metadata.annotations))],
      [t.finalizers, texts(metadata.finalizers)],
      [t.generation, text(metadata.generation)],
      [t.uid, text(metadata.uid)],
    ),
  );
}

/** Without the copy of the whole object that `kubectl apply` keeps: YAML shows it, and a Secret's holds its values. */
function shortAnnotations(annotations: Readonly<Record<string, string>> | undefined): Record<string, string> | undefined {
  const { ['kubectl.kubernetes.io/last-applied-configuration']: _, ...rest } = annotations ?? {};
  return rest;
}
