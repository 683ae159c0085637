/**
 * Why the object at a position is as it is: the chain of causes, from the object to what it depends on, as far as the cluster
 * and the workspace tell. Without a cluster it says what would be selected and what is missing.
 */
import { documentAt } from '#common/manifests/sourceFile.ts';
import type { AtOffset, ExplainStep } from '../feature.ts';
import { anyStep, autoscalerStep, claimStep, selectingStep } from './others.ts';
import { podStep } from './pods.ts';
import { type ExplainContext, type Subject, subjectOf } from './subject.ts';
import { ingressStep, serviceStep } from './traffic.ts';
import { cronJobStep, daemonsStep, jobStep, replicasStep } from './workloads.ts';

type Explainer = (ctx: ExplainContext, subject: Subject) => ExplainStep;

const explainers: Readonly<Record<string, Explainer>> = {
  '/Pod': ({ snapshot }, subject) => podStep(snapshot, subject),
  '/Service': serviceStep,
  '/PersistentVolumeClaim': claimStep,
  '/ReplicationController': replicasStep,
  'apps/Deployment': replicasStep,
  'apps/ReplicaSet': replicasStep,
  'apps/StatefulSet': replicasStep,
  'apps/DaemonSet': daemonsStep,
  'batch/Job': jobStep,
  'batch/CronJob': cronJobStep,
  'networking.k8s.io/Ingress': ingressStep,
  'networking.k8s.io/NetworkPolicy': selectingStep,
  'policy/PodDisruptionBudget': selectingStep,
  'autoscaling/HorizontalPodAutoscaler': autoscalerStep,
};

export const provideExplanation: AtOffset<ExplainStep> = (snapshot, file, offset) => {
  const document = documentAt(file, offset);
  const object = document && snapshot.graph.objectOf(document);
  if (!object || object.role === 'patch' || document.content.broken) return undefined;
  const seen = new Set<string>();
  const ctx: ExplainContext = {
    snapshot,
    isNew({ group, kind, namespace, name }) {
      const key = `${group}/${kind}/${namespace}/${name}`;
      return !seen.has(key) && seen.add(key) === seen;
    },
    explain(subject) {
      const { group, kind } = subject;
      // What several lead to is told once.
      if (!ctx.isNew(subject)) return undefined;
      const of = `${group}/${kind}`;
      return (Object.hasOwn(explainers, of) ? (explainers[of] as Explainer) : anyStep)(ctx, subject);
    },
  };
  return ctx.explain(subjectOf(snapshot, object));
};
