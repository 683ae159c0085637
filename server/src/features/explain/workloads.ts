/** Workloads, down to their pods: Deployment → ReplicaSet → pods, CronJob → Jobs → pods. */
import type { UntypedObject } from '#common/api/meta.ts';
import { isJsonObject } from '#common/api/ownProperty.ts';
import type { L10n, ServerText } from '../../l10n.ts';
import type { ExplainStep } from '../feature.ts';
import { missingSteps, podsStep } from './pods.ts';
import {
  conditionSteps,
  controlledBy,
  type ExplainContext,
  fieldsOf,
  liveSubject,
  placesOf,
  step,
  type Subject,
  titleOf,
  warningSteps,
  worst,
} from './subject.ts';

const podKind = { group: '', kind: 'Pod' };
const replicaSetKind = { group: 'apps', kind: 'ReplicaSet' };
const jobKind = { group: 'batch', kind: 'Job' };

const number = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);

/** Not in the cluster (yet): what it would make, and what that would miss. */
function unapplied({ snapshot }: ExplainContext, subject: Subject, makes: string): ExplainStep {
  const { written, group, kind } = subject;
  const because = written ? missingSteps(snapshot, written) : [];
  const absent = snapshot.facts.knows({ group, kind });
  return step(
    absent
      ? snapshot.l10n.t('{0} is not in the cluster', titleOf(subject))
      : snapshot.l10n.t('{0} makes {1}', titleOf(subject), makes),
    absent ? 'waiting' : worst(because, 'unknown'),
    {
      ...placesOf(subject),
      because,
    },
  );
}

function wantedReplicas({ live, written }: Subject): number {
  const spec = live ? fieldsOf(live, 'spec') : isJsonObject(written?.document.value) ? written.document.value['spec'] : undefined;
  return isJsonObject(spec) ? number(spec['replicas'], 1) : 1;
}

const podsText = (count: number, { t }: L10n): string => (count === 1 ? t('1 pod') : t('{0} pods', count));

/** Deployment, ReplicaSet, StatefulSet, ReplicationController. */
export function replicasStep(ctx: ExplainContext, subject: Subject): ExplainStep {
  const { snapshot } = ctx;
  const { l10n } = snapshot;
  const { live, kind, written } = subject;
  const wanted = wantedReplicas(subject);
  if (!live) return unapplied(ctx, subject, podsText(wanted, l10n));
  const ready = number(fieldsOf(live, 'status')['readyReplicas'], 0);
  const because = [
    ...conditionSteps(snapshot, live, { Progressing: 'True', ReplicaFailure: 'False' }),
    ...(fieldsOf(live, 'spec')['paused'] === true ? [step(l10n.t('It is paused: changes of the template wait'), 'waiting')] : []),
    ...(kind === 'Deployment' ? replicaSets(ctx, subject) : [podsStep(ctx, controlledBy(snapshot, podKind, subject), wanted)]),
    ...(written ? missingSteps(snapshot, written) : []),
    ...warningSteps(snapshot, subject),
  ];
  const state =
    ready >= wanted && worst(because, 'good') === 'good' ? 'good' : worst(because, ready >= wanted ? 'good' : 'waiting');
  return step(l10n.t('{0}: {1} of {2} ready', titleOf(subject), ready, wanted), state, { ...placesOf(subject), because });
}

/** Those that are to have pods, or still have some; the newest first. */
function replicaSets(ctx: ExplainContext, subject: Subject): ExplainStep[] {
  const { snapshot } = ctx;
  const all = controlledBy(snapshot, replicaSetKind, subject);
  const shown = all.filter(
    (each) => number(fieldsOf(each, 'spec')['replicas'], 0) + number(fieldsOf(each, 'status')['replicas'], 0) > 0,
  );
  if (all.length === 0) return [step(snapshot.l10n.t('It has no ReplicaSet yet'), 'waiting')];
  return shown
    .toSorted((a, b) => (revisionOf(b) ?? 0) - (revisionOf(a) ?? 0))
    .flatMap((each) => ctx.explain(liveSubject(snapshot, each)) ?? []);
}

function revisionOf({ metadata }: UntypedObject): number | undefined {
  const revision = Number(metadata.annotations?.['deployment.kubernetes.io/revision']);
  return Number.isNaN(revision) ? undefined : revision;
}

export function daemonsStep(ctx: ExplainContext, subject: Subject): ExplainStep {
  const { snapshot } = ctx;
  const { t } = snapshot.l10n;
  if (!subject.live) return unapplied(ctx, subject, t('a pod on every node that fits'));
  const status = fieldsOf(subject.live, 'status');
  const [ready, wanted] = [number(status['numberReady'], 0), number(status['desiredNumberScheduled'], 0)];
  const because = [podsStep(ctx, controlledBy(snapshot, podKind, subject), wanted), ...warningSteps(snapshot, subject)];
  if (wanted === 0) because.unshift(step(t('No node fits its selector and tolerations'), 'waiting'));
  const title = t('{0}: {1} of {2} ready', titleOf(subject), ready, wanted);
  return step(title, worst(because, 'good'), { ...placesOf(subject), because });
}

export function jobStep(ctx: ExplainContext, subject: Subject): ExplainStep {
  const { snapshot } = ctx;
  const { t } = snapshot.l10n;
  const { live } = subject;
  if (!live) return unapplied(ctx, subject, t('pods that run to their end'));
  const titled = (how: ServerText & ('complete' | 'failed' | 'not complete')): string => t('{0}: {1}', titleOf(subject), t(how));
  const conditions = fieldsOf(live, 'status')['conditions'];
  const isTrue = (type: string): boolean =>
    (Array.isArray(conditions) ? conditions : []).some(
      (each) => isJsonObject(each) && each['type'] === type && each['status'] === 'True',
    );
  if (isTrue('Complete')) return step(titled('complete'), 'good', placesOf(subject));
  const suspended = fieldsOf(live, 'spec')['suspend'] === true;
  const because = [
    ...conditionSteps(snapshot, live, { Failed: 'False', FailureTarget: 'False' }),
    ...(suspended ? [step(t('It is suspended'), 'waiting')] : [podsStep(ctx, controlledBy(snapshot, podKind, subject))]),
    ...warningSteps(snapshot, subject),
  ];
  const failed = isTrue('Failed');
  return step(titled(failed ? 'failed' : 'not complete'), failed ? 'bad' : worst(because, 'waiting'), {
    ...placesOf(subject),
    because,
  });
}

export function cronJobStep(ctx: ExplainContext, subject: Subject): ExplainStep {
  const { snapshot } = ctx;
  const { t } = snapshot.l10n;
  const { live } = subject;
  if (!live) return unapplied(ctx, subject, t('Jobs by its schedule'));
  const jobs = controlledBy(snapshot, jobKind, subject).toSorted((a, b) =>
    (a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? 1 : -1,
  );
  const because = [
    ...(fieldsOf(live, 'spec')['suspend'] === true ? [step(t('It is suspended'), 'waiting')] : []),
    ...jobs.slice(0, 3).flatMap((job) => ctx.explain(liveSubject(snapshot, job)) ?? []),
    ...warningSteps(snapshot, subject),
  ];
  const title = jobs.length === 0 ? t('has not run yet') : t('its last Job is {0}', jobs[0]?.metadata.name ?? '');
  return step(t('{0}: {1}', titleOf(subject), title), worst(because, jobs.length === 0 ? 'waiting' : 'good'), {
    ...placesOf(subject),
    because,
  });
}
