import * as vscode from 'vscode';
import { hasReason } from '#common/api/status.ts';
import { type Clock, sleep } from '#common/base/clock.ts';
import type { Pod, PodList } from '#common/schema/generated/types.ts';
import { resourcePath, withQuery } from '#apiClient/apiPath.ts';
import type { Connection } from '../cluster/clusterSession.ts';
import { planDrain, type DrainPlan } from '../plans/drain.ts';
import { cordonNode } from './cordonAndUncordon.ts';
import { type Command, connectionOf } from './command.ts';
import { withAbortableProgress } from './progress.ts';
import { oneTargetOf } from './targets.ts';

/** How long a disruption budget is given before it is asked again, as in `kubectl drain`. */
const retryMs = 5_000;

/** Empties a node: cordons it and evicts its pods, within their disruption budgets. Can be stopped at any time. */
export const drain: Command = {
  id: 'kubePlayground.drain',
  changes: true,
  async run(services, ...args) {
    const connection = connectionOf(services);
    const target = await oneTargetOf(services, args, ['Node']);
    if (!target) return;
    const onNode = withQuery('/api/v1/pods', { fieldSelector: `spec.nodeName=${target.name}` });
    const { items, metadata } = await connection.api.get<PodList>(onNode);
    const plan = planDrain(items);
    const answer = vscode.l10n.t('Drain');
    const question = vscode.l10n.t('Drain {0}?', target.name);
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail: detailOf(plan) }, answer)) !== answer) return;
    await cordonNode(connection, target.name, true);
    const title = vscode.l10n.t('Draining {0}', target.name);
    const isDone = await withAbortableProgress(title, async (say, signal) => {
      const watchPath = withQuery(onNode, { watch: true, resourceVersion: metadata?.resourceVersion });
      await evictAll({ connection, clock: services.clock, say, signal }, plan.evict, watchPath);
    });
    const told = isDone
      ? vscode.l10n.t('{0} is drained; it takes no pods until it is uncordoned', target.name)
      : vscode.l10n.t('Draining {0} was stopped; it takes no pods until it is uncordoned', target.name);
    services.report.say(told);
  },
};

function detailOf({ evict, stay, lost, withScratchData }: DrainPlan): string {
  const names = (pods: readonly Pod[]): string => pods.map(({ metadata }) => metadata.name ?? '').join(', ');
  const lines = [vscode.l10n.t('{0} pod(s) are evicted and made again on other nodes.', evict.length - lost.length)];
  if (lost.length > 0) lines.push(vscode.l10n.t('Nobody makes these again: {0}', names(lost)));
  if (withScratchData.length > 0)
    lines.push(vscode.l10n.t('What these keep in an emptyDir is lost: {0}', names(withScratchData)));
  if (stay.length > 0) lines.push(vscode.l10n.t('These stay, since they belong to the node: {0}', names(stay)));
  return lines.join('\n');
}

interface Draining {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  say(text: string): void;
}

/** Resolves when all pods are gone. */
async function evictAll(draining: Draining, pods: readonly Pod[], watchPath: string): Promise<void> {
  if (pods.length === 0) return;
  const { connection, signal, say } = draining;
  const left = new Map(pods.map((pod) => [pod.metadata.uid, pod]));
  const waiting = new Map<string | undefined, string>();
  const watching = new AbortController();
  const tell = (): void => {
    const [reason] = waiting.values();
    const count = vscode.l10n.t('{0} of {1} pods gone', pods.length - left.size, pods.length);
    say(reason === undefined ? count : `${count} · ${reason}`);
  };
  const forget = (uid: string | undefined): void => {
    waiting.delete(uid);
    if (!left.delete(uid)) return;
    tell();
    if (left.size === 0) watching.abort();
  };
  tell();
  const until = AbortSignal.any([watching.signal, signal]);
  const watch = async (): Promise<void> => {
    const onEvent = ({ type, object }: { type: string; object: Pod }): void => {
      if (type === 'DELETED') forget(object.metadata.uid);
    };
    while (!until.aborted) {
      await connection.api.watch(watchPath, onEvent, until);
      // The server ended the watch: what went meanwhile is asked for.
      for (const pod of left.values()) if (!until.aborted && !(await isThere(connection, pod))) forget(pod.metadata.uid);
      if (!until.aborted) await sleep(draining.clock, retryMs, until).catch(() => undefined);
    }
  };
  const leave = async (pod: Pod): Promise<void> => {
    const { uid } = pod.metadata;
    try {
      if (!(await evict({ ...draining, signal: until }, pod, (reason) => (setReason(uid, reason), tell())))) forget(uid);
    } catch (error) {
      // Somebody else has deleted the last pods: there is nothing more to ask for.
      if (left.size > 0 || signal.aborted) throw error;
    }
  };
  const setReason = (uid: string | undefined, reason: string | undefined): void => {
    if (reason === undefined) waiting.delete(uid);
    else waiting.set(uid, reason);
  };
  try {
    await Promise.all([watch(), ...pods.map(leave)]);
  } finally {
    watching.abort();
  }
  signal.throwIfAborted();
}

/** Asks until the pod may go. False when it is gone already. */
async function evict(
  { connection, clock, signal }: Draining,
  pod: Pod,
  onWait: (reason: string | undefined) => void,
): Promise<boolean> {
  const { namespace = '', name = '' } = pod.metadata;
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  for (;;) {
    try {
      await connection.api.send('POST', `${resourcePath('v1', 'pods', namespace, name)}/eviction`, eviction, undefined, signal);
      onWait(undefined);
      return true;
    } catch (error) {
      if (hasReason(error, 'NotFound')) return false;
      if (!hasReason(error, 'TooManyRequests')) throw error;
      const budget = error.details?.causes?.find(({ reason }) => reason === 'DisruptionBudget')?.message ?? error.message;
      onWait(`${name}: ${budget}`);
      await sleep(clock, retryMs, signal);
    }
  }
}

async function isThere({ api }: Connection, { metadata: { namespace, name, uid } }: Pod): Promise<boolean> {
  try {
    return (await api.get<Pod>(resourcePath('v1', 'pods', namespace, name))).metadata.uid === uid;
  } catch (error) {
    if (hasReason(error, 'NotFound')) return false;
    throw error;
  }
}
