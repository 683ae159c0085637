/** Pods: whether they are ready, and if not what holds them up: no node, no image, no configuration, an end, a probe. */
import type { UntypedObject } from '#common/api/meta.ts';
import { summarizePod } from '#common/kinds/pod/columns.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { L10n } from '../../l10n.ts';
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
  const { t } = snapshot.l10n;
  const all = pods as unknown as readonly api.Pod[];
  const fine = all.filter(isFine).length;
  const subjects = pods.filter((_, i) => !isFine(all[i] as api.Pod)).map((pod) => liveSubject(snapshot, pod));
  const failing = subjects.map((subject) => podStep(snapshot, subject));
  const untold = failing.filter((_, i) => ctx.isNew(subjects[i] as Subject));
  const shown = untold.slice(0, mostPods);
  const left = untold.length - shown.length;
  if (left > 0) shown.push(step(left === 1 ? t('… and 1 more pod') : t('… and {0} more pods', left), worst(failing, 'waiting')));
  const total = Math.max(wanted, pods.length);
  const state = failing.length > 0 ? worst(failing, 'waiting') : fine < wanted ? 'waiting' : 'good';
  const counted = total === 1 ? '{0} of {1} pod is ready' : '{0} of {1} pods are ready';
  const title = total === 0 ? t('No pods') : t(counted, fine, total);
  return step(title, total === 0 ? 'waiting' : state, { because: shown });
}

export function podStep(snapshot: Snapshot, subject: Subject): ExplainStep {
  const { live, written } = subject;
  const { l10n } = snapshot;
  if (!live) {
    const missing = written ? missingSteps(snapshot, written) : [];
    const state = missing.length > 0 ? 'bad' : snapshot.facts.knows({ group: '', kind: 'Pod' }) ? 'waiting' : 'unknown';
    const absent = state === 'waiting' ? l10n.t('{0}: {1}', titleOf(subject), l10n.t('not in the cluster')) : titleOf(subject);
    return step(absent, state, { ...placesOf(subject), because: missing });
  }
  const pod = live as unknown as api.Pod;
  const { status } = summarizePod(pod);
  const running = status === 'Running';
  const how = isReady(pod) && running ? l10n.t('ready') : running ? l10n.t('running, not ready') : status;
  const title = l10n.t('{0}: {1}', titleOf(subject), how);
  if (isFine(pod) && !pod.metadata.deletionTimestamp) return step(title, 'good', placesOf(subject));
  const because = [
    ...scheduling(pod, l10n),
    ...containers(pod, l10n),
    ...(written ? missingSteps(snapshot, written) : []),
    ...warningSteps(snapshot, subject),
  ];
  const failed = pod.status?.phase === 'Failed' && because.length === 0 ? detail(pod.status.message ?? pod.status.reason) : {};
  const state = pod.status?.phase === 'Failed' ? 'bad' : worst(because, 'waiting');
  return step(title, state, { ...placesOf(subject), ...failed, because });
}

function scheduling({ status }: api.Pod, { t }: L10n): ExplainStep[] {
  const condition = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (condition?.status !== 'False') return [];
  const gated = condition.reason === 'SchedulingGated';
  return [
    step(
      t(gated ? 'It is held back by scheduling gates' : 'No node takes it'),
      gated ? 'waiting' : 'bad',
      detail(condition.message),
    ),
  ];
}

/** Waiting for these is part of every start. */
const ordinary = new Set(['ContainerCreating', 'PodInitializing']);

function containers({ status }: api.Pod, l10n: L10n): ExplainStep[] {
  const init = (status?.initContainerStatuses ?? []).filter(({ state, started }) => !state?.terminated && !started);
  return [
    ...init.flatMap((each) => containerStep(each, 'Init container {0}', l10n)),
    ...(status?.containerStatuses ?? []).flatMap((each) => containerStep(each, 'Container {0}', l10n)),
  ];
}

function containerStep(
  { name, state, lastState, ready, restartCount }: api.ContainerStatus,
  title: 'Container {0}' | 'Init container {0}',
  l10n: L10n,
): ExplainStep[] {
  const { t } = l10n;
  const { waiting, terminated, running } = state ?? {};
  const what = t(title, name);
  const ended = lastState?.terminated ? [endStep(lastState.terminated, t('It ended last'), l10n)] : [];
  if (waiting) {
    const reason = waiting.reason ?? t('no reason');
    const rest = { ...detail(waiting.message), because: ended };
    return [step(t('{0} waits: {1}', what, reason), ordinary.has(reason) ? 'waiting' : 'bad', rest)];
  }
  if (terminated) return terminated.exitCode ? [endStep(terminated, t('{0} ended', what), l10n)] : [];
  if (!running || ready) return [];
  const inits = title === 'Init container {0}';
  return [step(inits ? t('{0} still runs', what) : unready(what, restartCount, l10n), 'waiting', { because: ended })];
}

function unready(what: string, restarts: number, { t }: L10n): string {
  if (!restarts) return t('{0} runs, but is not ready', what);
  if (restarts === 1) return t('{0} runs after 1 restart, but is not ready', what);
  return t('{0} runs after {1} restarts, but is not ready', what, restarts);
}

function endStep({ exitCode, signal, reason, message }: api.ContainerStateTerminated, lead: string, { t }: L10n): ExplainStep {
  const how = signal ? t('{0} by signal {1}', lead, signal) : t('{0} with exit code {1}', lead, exitCode ?? 0);
  return step(reason ? t('{0} ({1})', how, reason) : how, exitCode ? 'bad' : 'unknown', detail(message));
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
    const title = snapshot.l10n.t(known ? '{0} is not there' : '{0} is not in the workspace', keyOf(link));
    return [step(title, known ? 'bad' : 'unknown', { location })];
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
