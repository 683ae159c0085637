/** A Job's pods: how they are told apart, counted as failed, and made. */
import type * as api from '#common/schema/generated/types.ts';
import { Job } from '#common/kinds/job.ts';
import { ownerReference } from '../../controller/adoption.ts';
import { podFromTemplate } from '../../controller/podControl.ts';
import { judgeFailure } from './policies.ts';

export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';
/** Whose pod it was made as; the Job's own template has it. */
export const jobNameLabel = 'batch.kubernetes.io/job-name';
const indexName = 'batch.kubernetes.io/job-completion-index';
const failureCountAnnotation = 'batch.kubernetes.io/job-index-failure-count';
const ignoredFailureCountAnnotation = 'batch.kubernetes.io/job-index-ignored-failure-count';
const indexVariable = 'JOB_COMPLETION_INDEX';
/** What a generated name leaves for its base. */
const longestBase = 58;

export const isTracked = (pod: api.Pod): boolean => pod.metadata.finalizers?.includes(trackingFinalizer) ?? false;
export const isIndexed = ({ spec }: api.Job): boolean => spec?.completionMode === 'Indexed';
export const isSuspended = ({ spec }: api.Job): boolean => spec?.suspend === true;

/** Whether pods are replaced only once they failed, rather than as soon as they are being deleted. */
export const replacesOnlyFailed = ({ spec }: api.Job): boolean =>
  spec?.podReplacementPolicy === 'Failed' || spec?.podFailurePolicy !== undefined;

/** Deleted pods count too: they may never get to say that they failed. */
export function isFailed(job: api.Job, pod: api.Pod): boolean {
  if (pod.status?.phase === 'Failed') return true;
  return !replacesOnlyFailed(job) && pod.metadata.deletionTimestamp !== undefined && pod.status?.phase !== 'Succeeded';
}

/** The pod's completion index, when it has one that the Job asks for. */
export function indexOf(job: api.Job, pod: api.Pod): number | undefined {
  const text = pod.metadata.annotations?.[indexName];
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  const index = Number(text);
  return index < (job.spec?.completions ?? 0) ? index : undefined;
}

const countOf = (pod: api.Pod, annotation: string): number => Number(pod.metadata.annotations?.[annotation]) || 0;

export const failuresOfIndex = (pod: api.Pod): number => countOf(pod, failureCountAnnotation);

/** Ignored ones included: they lengthen the back-off all the same. */
export const allFailuresOfIndex = (pod: api.Pod): number => failuresOfIndex(pod) + countOf(pod, ignoredFailureCountAnnotation);

/** `replaces`: the failed pod of this index, where failures are counted per index. */
export function newPod(job: api.Job, index: number | undefined, replaces: api.Pod | undefined): api.Pod {
  const pod = podFromTemplate(job.spec?.template, job, ownerReference(Job, job));
  const finalizers = [...new Set([...(pod.metadata.finalizers ?? []), trackingFinalizer])];
  if (index === undefined) return { ...pod, metadata: { ...pod.metadata, finalizers } };

  const suffix = `-${index}-`;
  const { name = '' } = job.metadata;
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      generateName: name.slice(0, longestBase - suffix.length) + suffix,
      finalizers,
      labels: { ...pod.metadata.labels, [indexName]: String(index) },
      annotations: { ...pod.metadata.annotations, [indexName]: String(index), ...failureCounts(job, replaces) },
    },
    ...(pod.spec ? { spec: withIndexVariable({ ...pod.spec, hostname: `${name}-${index}` }) } : {}),
  };
}

function failureCounts(job: api.Job, replaces: api.Pod | undefined): Record<string, string> {
  if (job.spec?.backoffLimitPerIndex === undefined) return {};
  const counted = replaces !== undefined && judgeFailure(job.spec.podFailurePolicy, replaces).counts;
  const failures = replaces ? failuresOfIndex(replaces) + (counted ? 1 : 0) : 0;
  const ignored = replaces ? countOf(replaces, ignoredFailureCountAnnotation) + (counted ? 0 : 1) : 0;
  return {
    [failureCountAnnotation]: String(failures),
    ...(ignored > 0 ? { [ignoredFailureCountAnnotation]: String(ignored) } : {}),
  };
}

function withIndexVariable(spec: api.PodSpec): api.PodSpec {
  const variable: api.EnvVar = {
    name: indexVariable,
    valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${indexName}']` } },
  };
  const add = (container: api.Container): api.Container =>
    container.env?.some((env) => env.name === indexVariable)
      ? container
      : { ...container, env: [...(container.env ?? []), variable] };
  return {
    ...spec,
    containers: spec.containers.map(add),
    ...(spec.initContainers ? { initContainers: spec.initContainers.map(add) } : {}),
  };
}
