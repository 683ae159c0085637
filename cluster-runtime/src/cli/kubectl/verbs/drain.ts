/** `kubectl drain`: cordons a node and evicts its pods; budgets that refuse are asked again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { resourcePath, withQuery } from '#apiClient/apiPath.ts';
import { parseDuration } from '#common/api/duration.ts';
import { controllerOf } from '#common/api/meta.ts';
import { ApiError, hasReason } from '#common/api/status.ts';
import type { Pod } from '#common/schema/generated/types.ts';
import { dryRunOf, writeFlags } from '../dryRun.ts';
import { bool, int, text } from '../flags.ts';
import { KubectlError, plainError } from '../kubectlError.ts';
import type { Session } from '../session.ts';
import { selectorFlags } from '../targets.ts';
import { nodesOf, setSchedulable } from './cordon.ts';
import type { Verb } from './verb.ts';

export const drain: Verb = {
  summary: 'Drain node in preparation for maintenance.',
  usage: 'NODE [options]',
  flags: {
    ...selectorFlags,
    force: bool,
    'ignore-daemonsets': bool,
    'delete-emptydir-data': bool,
    'disable-eviction': bool,
    'grace-period': int,
    timeout: text,
    'pod-selector': text,
    'dry-run': writeFlags['dry-run'] ?? text,
  },
  async run(session) {
    const nodes = (await nodesOf(session)).map(({ target }) => target.name ?? '');
    for (const name of nodes) await setSchedulable(session, name, true);
    for (const [i, name] of nodes.entries()) {
      const { going, problems, warnings } = await plan(session, name);
      if (problems.length > 0) {
        const why = problems.length === 1 ? (problems[0] ?? '') : `[${problems.join(', ')}]`;
        session.io.err(`error: unable to drain node "${name}" due to error: ${why}, continuing command...\n`);
        throw new KubectlError(
          `There are pending nodes to be drained:\n${nodes
            .slice(i)
            .map((node) => ` ${node}`)
            .join('\n')}\n${problems.map((problem) => problem).join('\n')}`,
        );
      }
      if (warnings.length > 0) session.warn(warnings.join('; '));
      if (dryRunOf(session) === 'none') await evictAll(session, going);
      session.io.out(
        `node/${name} drained${dryRunOf(session) === 'none' ? '' : ` (${dryRunOf(session) === 'server' ? 'server ' : ''}dry run)`}\n`,
      );
    }
  },
};

interface DrainPlan {
  readonly going: readonly Pod[];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

const label = ({ metadata }: Pod): string => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`;

async function plan(session: Session, node: string): Promise<DrainPlan> {
  const { flags } = session;
  const query = { fieldSelector: `spec.nodeName=${node}`, labelSelector: flags.text('pod-selector') };
  const { items = [] } = await (await session.api()).get<{ items?: Pod[] }>(withQuery(resourcePath('v1', 'pods'), query));
  const [going, bySet, byVolume, bare]: [Pod[], Pod[], Pod[], Pod[]] = [[], [], [], []];
  for (const pod of items) {
    if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) continue;
    const hasEnded = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
    const owner = controllerOf(pod);
    if (owner?.kind === 'DaemonSet' && !hasEnded) {
      bySet.push(pod);
      continue;
    }
    if (!hasEnded && pod.spec?.volumes?.some(({ emptyDir }) => emptyDir)) byVolume.push(pod);
    if (!hasEnded && !owner) bare.push(pod);
    going.push(pod);
  }
  const problems: string[] = [];
  const warnings: string[] = [];
  const tell = (pods: readonly Pod[], allowed: boolean, problem: string, warning: string): void => {
    if (pods.length === 0) return;
    const names = pods.map(label).join(', ');
    if (!allowed) problems.push(`${problem}: ${names}`);
    else if (warning) warnings.push(`${warning}: ${names}`);
  };
  tell(
    bySet,
    flags.bool('ignore-daemonsets'),
    'cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)',
    'ignoring DaemonSet-managed Pods',
  );
  tell(
    byVolume,
    flags.bool('delete-emptydir-data'),
    'cannot delete Pods with local storage (use --delete-emptydir-data to override)',
    '',
  );
  tell(
    bare,
    flags.bool('force'),
    'cannot delete Pods that declare no controller (use --force to override)',
    'deleting Pods that declare no controller',
  );
  return { going, problems: problems.sort(), warnings };
}

const [retryMs, pauseMs] = [5_000, 200];

async function evictAll(session: Session, pods: readonly Pod[]): Promise<void> {
  const limit = parseDuration(session.flags.text('timeout') ?? '0s') ?? 0;
  const stop = limit > 0 ? AbortSignal.any([session.io.signal, AbortSignal.timeout(limit)]) : session.io.signal;
  try {
    await Promise.all(pods.map((pod) => evict(session, pod, stop)));
  } catch (error) {
    if (stop.aborted && !session.io.signal.aborted)
      throw plainError(`drain did not complete within ${session.flags.text('timeout') ?? ''}`);
    throw error;
  }
}

async function evict(session: Session, pod: Pod, signal: AbortSignal): Promise<void> {
  const api = await session.api();
  const { namespace = '', name = '', uid } = pod.metadata;
  const path = resourcePath('v1', 'pods', namespace, name);
  const grace = session.flags.number('grace-period');
  const options = grace === undefined || grace < 0 ? {} : { deleteOptions: { gracePeriodSeconds: grace } };
  session.io.out(`evicting pod ${namespace}/${name}\n`);
  for (;;) {
    try {
      if (session.flags.bool('disable-eviction')) await api.send('DELETE', path, options.deleteOptions ?? {}, undefined, signal);
      else
        await api.send(
          'POST',
          `${path}/eviction`,
          { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, ...options },
          undefined,
          signal,
        );
      break;
    } catch (error) {
      if (hasReason(error, 'NotFound')) break;
      if (!(error instanceof ApiError) || error.code !== 429) throw error;
      session.io.err(`error when evicting pods/"${name}" -n "${namespace}" (will retry after 5s): ${error.message}\n`);
      await sleep(retryMs, undefined, { signal });
    }
  }
  for (;;) {
    try {
      if ((await api.get<Pod>(path, signal)).metadata.uid !== uid) break;
    } catch (error) {
      if (hasReason(error, 'NotFound')) break;
      throw error;
    }
    await sleep(pauseMs, undefined, { signal });
  }
  session.io.out(`pod/${name} evicted\n`);
}
