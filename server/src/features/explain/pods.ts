/** Pods: whether they are ready, and if not what holds them up: no node, no image, no configuration, an end, a probe. */
import type { UntypedObject } from '#common/api/meta.ts';
import { summarizePod } from '#common/kinds/pod/columns.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Snapshot } from '../../snapshot.ts';
import { exists } from '../../rules/names/nowhere.ts';
import type { NameLink } from '../../workspace/links.ts';
import type { ManifestObject } from '../../workspace/manifestObject.ts';
import type { ExplainStep } from '../feature.ts';
import {
  detail,
  type ExplainContext,
  liveSubject,
  locationOf,
  placesOf,
  step,
  type Subject,
  titleOf,
  warningSteps,
  worst,
} from './subject.ts';

/** More pods than these are only counted. */
const mostPods = 5;

const isReady = ({ status }: api.Pod): boolean =>
  (status?.conditions ?? []).some((each) => each.type === 'Ready' && each.status === 'True');

/** A container that ended well is no failure, where it is not to go on. */
const isFine = (pod: api.Pod): boolean => isReady(pod) || pod.status?.phase === 'Succeeded';

export const anyReady = (pods: readonly UntypedObject[]): boolean => (pods as unknown as readonly api.Pod[]).some(isReady);

/** `2 of 3 pods are ready`, with those that are not. */
export function podsStep(ctx: ExplainContext, pods: readonly UntypedObject[], wanted: number = pods.length): ExplainStep {
  const { snapshot } = ctx;
  const all = pods as unknown as readonly api.Pod[];
  const fine = all.filter(isFine).length;
  const subjects = pods.filter((_, i) => !isFine(all[i] as api.Pod)).map((pod) => liveSubject(snapshot, pod));
  const failing = subjects.map((subject) => podStep(snapshot, subject));
  const untold = failing.filter((_, i) => ctx.isNew(subjects[i] as Subject));
  const shown = untold.slice(0, mostPods);
  if (untold.length > shown.length)
    shown.push(step(`… and ${untold.length - shown.length} more pods`, worst(failing, 'waiting')));
  const total = Math.max(wanted, pods.length);
  const state = failing.length > 0 ? worst(failing, 'waiting') : fine < wanted ? 'waiting' : 'good';
  const title = total === 0 ? 'No pods' : `${fine} of ${total} ${total === 1 ? 'pod is' : 'pods are'} ready`;
  return step(title, total === 0 ? 'waiting' : state, { because: shown });
}

export function podStep(snapshot: Snapshot, subject: Subject): ExplainStep {
  const { live, written } = subject;
  if (!live) {
    const missing = written ? missingSteps(snapshot, written) : [];
    const state = missing.length > 0 ? 'bad' : snapshot.facts.knows({ group: '', kind: 'Pod' }) ? 'waiting' : 'unknown';
    const known = state === 'unknown' || missing.length > 0 ? '' : ': not in the cluster';
    return step(`${titleOf(subject)}${known}`, state, { ...placesOf(subject), because: missing });
  }
  const pod = live as unknown as api.Pod;
  const { status } = summarizePod(pod);
  const running = status === 'Running';
  const title = `${titleOf(subject)}: ${isReady(pod) && running ? 'ready' : running ? 'running, not ready' : status}`;
  if (isFine(pod) && !pod.metadata.deletionTimestamp) return step(title, 'good', placesOf(subject));
  const because = [
    ...scheduling(pod),
    ...containers(pod),
    ...(written ? missingSteps(snapshot, written) : []),
    ...warningSteps(snapshot, subject),
  ];
  const failed = pod.status?.phase === 'Failed' && because.length === 0 ? detail(pod.status.message ?? pod.status.reason) : {};
  const state = pod.status?.phase === 'Failed' ? 'bad' : worst(because, 'waiting');
  return step(title, state, { ...placesOf(subject), ...failed, because });
}

function scheduling({ status }: api.Pod): ExplainStep[] {
  const condition = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (condition?.status !== 'False') return [];
  const gated = condition.reason === 'SchedulingGated';
  return [
    step(
      gated ? 'It is held back by scheduling gates' : 'No node takes it',
      gated ? 'waiting' : 'bad',
      detail(condition.message),
    ),
  ];
}

/** Waiting for these is part of every start. */
const ordinary = new Set(['ContainerCreating', 'PodInitializing']);

function containers({ status }: api.Pod): ExplainStep[] {
  const init = (status?.initContainerStatuses ?? []).filter(({ state, started }) => !state?.terminated && !started);
  return [
    ...init.flatMap((each) => containerStep(each, 'Init container')),
    ...(status?.containerStatuses ?? []).flatMap((each) => containerStep(each, 'Container')),
  ];
}

function containerStep({ name, state, lastState, ready, restartCount }: api.ContainerStatus, what: string): ExplainStep[] {
  const { waiting, terminated, running } = state ?? {};
  const ended = lastState?.terminated ? [endStep(lastState.terminated, 'It ended last')] : [];
  if (waiting) {
    const reason = waiting.reason ?? 'no reason';
    const common = ordinary.has(reason);
    return [step(`${what} ${name} waits: ${reason}`, common ? 'waiting' : 'bad', { ...detail(waiting.message), because: ended })];
  }
  if (terminated) return terminated.exitCode ? [endStep(terminated, `${what} ${name} ended`)] : [];
  if (!running || ready) return [];
  const restarts = restartCount ? ` after ${restartCount} restart${restartCount === 1 ? '' : 's'}` : '';
  const title = what === 'Container' ? `${what} ${name} runs${restarts}, but is not ready` : `${what} ${name} still runs`;
  return [step(title, 'waiting', { because: ended })];
}

function endStep({ exitCode, signal, reason, message }: api.ContainerStateTerminated, lead: string): ExplainStep {
  const how = signal ? `by signal ${signal}` : `with exit code ${exitCode ?? 0}`;
  return step(`${lead} ${how}${reason ? ` (${reason})` : ''}`, exitCode ? 'bad' : 'unknown', detail(message));
}

/** What an object names that is nowhere. Without a cluster it may be there. */
export function missingSteps(snapshot: Snapshot, object: ManifestObject): ExplainStep[] {
  const told = new Set<string>();
  return object.links.flatMap((link) => {
    if (link.type !== 'name' || link.optional || !needed.has(link.to.kind) || told.has(keyOf(link))) return [];
    if (exists(snapshot, link.to, link.namespace, link.name) || everywhere.has(keyOf(link))) return [];
    told.add(keyOf(link));
    const known = snapshot.facts.knows(link.to);
    const location = { ...locationOf(object), selection: link.range };
    return [
      step(`${link.to.kind}/${link.name} ${known ? 'is not there' : 'is not in the workspace'}`, known ? 'bad' : 'unknown', {
        location,
      }),
    ];
  });
}

/** Kinds without which a pod does not start. */
const needed = new Set(['ConfigMap', 'Secret', 'PersistentVolumeClaim', 'ServiceAccount', 'PriorityClass', 'RuntimeClass']);
const everywhere = new Set([
  'ConfigMap/kube-root-ca.crt',
  'ServiceAccount/default',
  'PriorityClass/system-cluster-critical',
  'PriorityClass/system-node-critical',
]);
const keyOf = ({ to, name }: NameLink): string => `${to.kind}/${name}`;
