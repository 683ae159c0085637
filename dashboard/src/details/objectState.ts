/** How an object is, in one word and one sentence: as the tree's rows say it; other kinds by their conditions and phase. */
import type { KubeObject } from '#common/api/meta.ts';
import { summarizePod } from '#common/kinds/pod/columns.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import type { RowState } from '#common/protocol/webview.ts';
import type * as api from '#common/schema/generated/types.ts';
import { genericFacts, namespaceFacts, nodeFacts } from '../facts/clusterFacts.ts';
import { claimFacts, quotaFacts, volumeFacts } from '../facts/configFacts.ts';
import { containerFacts, podFacts } from '../facts/podFacts.ts';
import type { RowFacts } from '../facts/rowFacts.ts';
import { serviceFacts } from '../facts/serviceFacts.ts';
import { cronJobFacts, daemonSetFacts, deploymentFacts, jobFacts, replicaSetFacts } from '../facts/workloadFacts.ts';
import type { RelatedObjects } from './describeContext.ts';
import { slicesOf } from './endpoints.ts';

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export const containerState = containerFacts;

/** `text`: the state in words. */
export interface ObjectState extends RowFacts {
  readonly text: string;
}

export function objectState(object: KubeObject, related: RelatedObjects, texts: TreeTexts): ObjectState {
  const facts = factsOf(object, related, texts);
  if (object.metadata.deletionTimestamp && object.kind !== 'Pod') return { ...facts, state: 'progressing', text: 'Terminating' };
  if (object.kind === 'Pod') return { ...facts, text: summarizePod(object as api.Pod).status };
  const phase = (object as { status?: { phase?: unknown } }).status?.phase;
  return { ...facts, text: typeof phase === 'string' && phase ? phase : stateWord(facts.state, texts) };
}

export function stateWord(state: RowState, texts: TreeTexts): string {
  const words: Record<RowState, string> = {
    none: '',
    ok: texts.stateOk,
    progressing: texts.stateProgressing,
    warning: texts.stateWarning,
    failed: texts.stateFailed,
    done: texts.stateDone,
    unknown: texts.stateUnknown,
  };
  return words[state];
}

function factsOf(object: KubeObject, related: RelatedObjects, texts: TreeTexts): RowFacts {
  switch (object.kind) {
    case 'Pod':
      return podFacts(object as api.Pod, texts);
    case 'Deployment':
      return deploymentFacts(object as api.Deployment, texts);
    case 'ReplicaSet':
    case 'StatefulSet':
    case 'ReplicationController':
      return replicaSetFacts(object as api.ReplicaSet);
    case 'DaemonSet':
      return daemonSetFacts(object as api.DaemonSet);
    case 'Job':
      return jobFacts(object as api.Job, texts);
    case 'CronJob':
      return cronJobFacts(object as api.CronJob, texts);
    case 'Node':
      return nodeFacts(object as api.Node, texts);
    case 'Namespace':
      return namespaceFacts(object as api.Namespace);
    case 'Service': {
      const endpoints = slicesOf(object as api.Service, related).flatMap((slice) => slice.endpoints ?? []);
      const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false).length;
      return serviceFacts(object as api.Service, { backed: endpoints.length, ready }, texts);
    }
    case 'PersistentVolumeClaim':
      return claimFacts(object as api.PersistentVolumeClaim);
    case 'PersistentVolume':
      return volumeFacts(object as api.PersistentVolume);
    case 'ResourceQuota':
      return quotaFacts(object as api.ResourceQuota, texts);
    default:
      return genericFacts(object);
  }
}

/** Conditions as they are, without those that are no conditions at all. */
export function conditionsOf(object: KubeObject): readonly Condition[] {
  const list = (object as { status?: { conditions?: unknown } | null }).status?.conditions;
  if (!Array.isArray(list)) return [];
  return (list as Partial<Condition>[]).filter(
    (each): each is Condition => typeof each?.type === 'string' && typeof each.status === 'string',
  );
}
