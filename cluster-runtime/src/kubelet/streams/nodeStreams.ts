/** exec, attach, logs and port-forward as the kubelets answer them, in their words. */
import type { Duplex } from 'node:stream';
import { ApiError, badRequest, notFound } from '#common/api/status.ts';
import type { NodeStreams, RunningContainer } from '../../containers/containerRuntime.ts';
import { ConnectionError } from '../../network/network.ts';
import type { ContainerRecord } from '../container/containerRecord.ts';
import type { KubeletContext } from '../options.ts';
import type { PodWorker } from '../pod/podWorker.ts';
import { logText } from './logText.ts';

const kubeletPort = 10_250;

type Key = { namespace: string; name: string };

/** `unreachable` gives the address of a pod's kubelet when that does not answer. */
export function createNodeStreams(
  ctx: KubeletContext,
  workerOf: (key: Key) => PodWorker | undefined,
  unreachable: (key: Key) => string | undefined,
): NodeStreams {
  /** `describe` words what the API server tells of a kubelet that does not answer. */
  const workerFor = (pod: Key, describe = (problem: string) => `error dialing backend: ${problem}`): PodWorker => {
    const address = unreachable(pod);
    if (address !== undefined)
      throw new ApiError(500, 'InternalError', describe(`dial tcp ${address}:${kubeletPort}: connect: no route to host`));
    const worker = workerOf(pod);
    if (!worker) throw notFound({ group: '', resource: 'pods' }, pod.name);
    return worker;
  };

  const runningIn = (pod: Key, container: string, problem: string): RunningContainer => {
    const running = workerFor(pod).records.get(container)?.running;
    if (!running) throw new ApiError(500, 'InternalError', problem);
    return running;
  };

  return {
    exec: async (pod, container, command, io) =>
      runningIn(pod, container, `container not found ("${container}")`).exec(command, io),

    attach: async (pod, container, io) =>
      runningIn(pod, container, `container ${container} not found in pod ${pod.name}_${pod.namespace}`).attach(io),

    log(pod, options, signal) {
      const worker = workerFor(pod, (problem) => {
        const path = `containerLogs/${pod.namespace}/${pod.name}/${options.container}`;
        return `Get "https://${unreachable(pod) ?? ''}:${kubeletPort}/${path}": ${problem}`;
      });
      const record = worker.records.get(options.container);
      if (!record) return lostLog(worker, options.container);
      const log = options.previous ? previousLog(record, pod.name) : presentLog(record, pod.name);
      return logText(log, options, ctx.clock, signal);
    },

    portForward(pod, port): Duplex {
      const worker = workerFor(pod);
      const { podIP } = worker.self;
      try {
        return ctx.network.connect(podIP, podIP, port);
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error;
        throw new Error(
          `failed to connect to localhost:${port} inside namespace "${worker.pod.metadata.uid ?? ''}", IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused`,
        );
      }
    },
  };
}

/** The containers of a pod that ended before this kubelet started are known by its status only. */
async function* lostLog({ pod }: PodWorker, container: string): AsyncIterable<string> {
  const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = pod.status ?? {};
  const status = [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses].find(
    ({ name }) => name === container,
  );
  if (!status?.containerID) throw badRequest(`container "${container}" in pod "${pod.metadata.name ?? ''}" is not available`);
  yield `unable to retrieve container logs for ${status.containerID}`;
}

type Log = NonNullable<ContainerRecord['log']>;

function previousLog(record: ContainerRecord, pod: string): Log {
  // While a crashed container waits for its restart, its last instance is the previous one.
  const log = record.running
    ? record.previousLog
    : record.state.waiting && record.lastState.terminated
      ? record.log
      : record.previousLog;
  if (!log || !record.lastState.terminated)
    throw badRequest(`previous terminated container "${record.name}" in pod "${pod}" not found`);
  return log;
}

function presentLog(record: ContainerRecord, pod: string): Log {
  const about = `container "${record.name}" in pod "${pod}"`;
  const { waiting } = record.state;
  if (record.log) return record.log;
  if (waiting?.reason === 'ErrImagePull') throw badRequest(`${about} is waiting to start: image can't be pulled`);
  if (waiting?.reason === 'ImagePullBackOff') throw badRequest(`${about} is waiting to start: trying and failing to pull image`);
  if (waiting) throw badRequest(`${about} is waiting to start: ${waiting.reason ?? ''}`);
  throw badRequest(`${about} is terminated`);
}
