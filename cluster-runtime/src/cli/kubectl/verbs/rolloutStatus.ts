/** `kubectl rollout status`: follows a rollout to its end. */
import { withQuery } from '#apiClient/apiPath.ts';
import { parseDuration } from '#common/api/duration.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import type { DaemonSet, Deployment, StatefulSet } from '#common/schema/generated/types.ts';
import { bool, int, text } from '../flags.ts';
import { plainError } from '../kubectlError.ts';
import { rolloutFlags, workloadsOf } from '../rollouts.ts';
import { pathOf } from '../targets.ts';
import type { Verb } from './verb.ts';

export const rolloutStatus: Verb = {
  summary: 'Show the status of the rollout.',
  usage: '(TYPE NAME | TYPE/NAME) [options]',
  flags: { ...rolloutFlags, watch: { ...bool, short: 'w' }, timeout: text, revision: int },
  async run(session) {
    const { flags, io } = session;
    const limit = parseDuration(flags.text('timeout') ?? '0s') ?? 0;
    for (const { target, object } of await workloadsOf(session)) {
      let said = '';
      const isDone = (now: UntypedObject): boolean => {
        const { text: words, done } = statusOf({ ...now, kind: target.resource.kind });
        if (words !== said) io.out(words);
        said = words;
        return done;
      };
      if (isDone(object) || !flags.bool('watch', true)) continue;
      const stop = new AbortController();
      const signal = AbortSignal.any([stop.signal, io.signal, ...(limit > 0 ? [AbortSignal.timeout(limit)] : [])]);
      const { name = '', ...collection } = target;
      const query = { watch: true, fieldSelector: `metadata.name=${name}`, resourceVersion: object.metadata.resourceVersion };
      await (
        await session.api()
      ).watch(
        withQuery(pathOf(collection), query),
        ({ type, object: now }) => {
          if (type === 'DELETED') throw plainError('object has been deleted');
          if (!stop.signal.aborted && type !== 'BOOKMARK' && isDone(now as UntypedObject)) stop.abort();
        },
        signal,
      );
      if (!stop.signal.aborted && !io.signal.aborted) throw plainError('timed out waiting for the condition');
    }
  },
};

interface RolloutState {
  readonly text: string;
  readonly done: boolean;
}

const waiting = (text: string): RolloutState => ({ text: `${text}\n`, done: false });
const finished = (text: string): RolloutState => ({ text: `${text}\n`, done: true });

export function statusOf(object: UntypedObject): RolloutState {
  const observed = (object['status'] as { observedGeneration?: number } | undefined)?.observedGeneration ?? 0;
  const isSeen = (object.metadata.generation ?? 0) <= observed;
  switch (object.kind) {
    case 'Deployment':
      return isSeen
        ? deployment(object as unknown as Deployment)
        : waiting('Waiting for deployment spec update to be observed...');
    case 'DaemonSet':
      return isSeen ? daemonSet(object as unknown as DaemonSet) : waiting('Waiting for daemon set spec update to be observed...');
    case 'StatefulSet':
      return observed === 0 || !isSeen
        ? waiting('Waiting for statefulset spec update to be observed...')
        : statefulSet(object as unknown as StatefulSet);
    default:
      throw plainError(`no status viewer has been implemented for ${object.kind ?? ''}`);
  }
}

function deployment({ metadata, spec, status }: Deployment): RolloutState {
  const name = JSON.stringify(metadata.name);
  if (status?.conditions?.some(({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded'))
    throw plainError(`deployment ${name} exceeded its progress deadline`);
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = status ?? {};
  const wanted = spec?.replicas ?? 0;
  const prefix = `Waiting for deployment ${name} rollout to finish:`;
  if (updatedReplicas < wanted) return waiting(`${prefix} ${updatedReplicas} out of ${wanted} new replicas have been updated...`);
  if (replicas > updatedReplicas)
    return waiting(`${prefix} ${replicas - updatedReplicas} old replicas are pending termination...`);
  if (availableReplicas < updatedReplicas)
    return waiting(`${prefix} ${availableReplicas} of ${updatedReplicas} updated replicas are available...`);
  return finished(`deployment ${name} successfully rolled out`);
}

function daemonSet({ metadata, spec, status }: DaemonSet): RolloutState {
  if (spec?.updateStrategy?.type !== 'RollingUpdate')
    throw plainError('rollout status is only available for RollingUpdate strategy type');
  const name = JSON.stringify(metadata.name);
  const { updatedNumberScheduled = 0, desiredNumberScheduled = 0, numberAvailable = 0 } = status ?? {};
  const prefix = `Waiting for daemon set ${name} rollout to finish:`;
  if (updatedNumberScheduled < desiredNumberScheduled)
    return waiting(`${prefix} ${updatedNumberScheduled} out of ${desiredNumberScheduled} new pods have been updated...`);
  if (numberAvailable < desiredNumberScheduled)
    return waiting(`${prefix} ${numberAvailable} of ${desiredNumberScheduled} updated pods are available...`);
  return finished(`daemon set ${name} successfully rolled out`);
}

function statefulSet({ spec, status }: StatefulSet): RolloutState {
  if (spec?.updateStrategy?.type !== 'RollingUpdate')
    throw plainError('rollout status is only available for RollingUpdate strategy type');
  const { readyReplicas = 0, updatedReplicas = 0, currentReplicas = 0, updateRevision = '', currentRevision = '' } = status ?? {};
  const wanted = spec.replicas ?? 0;
  if (readyReplicas < wanted) return waiting(`Waiting for ${wanted - readyReplicas} pods to be ready...`);
  const partition = spec.updateStrategy.rollingUpdate?.partition;
  if (partition !== undefined) {
    if (updatedReplicas < wanted - partition)
      return waiting(
        `Waiting for partitioned roll out to finish: ${updatedReplicas} out of ${wanted - partition} new pods have been updated...`,
      );
    return finished(`partitioned roll out complete: ${updatedReplicas} new pods have been updated...`);
  }
  if (updateRevision !== currentRevision)
    return waiting(`waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${updateRevision}...`);
  return finished(`statefulset rolling update complete ${currentReplicas} pods at revision ${currentRevision}...`);
}
