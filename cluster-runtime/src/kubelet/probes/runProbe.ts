/** One attempt of a probe, with its outcome in the kubelet's words. */
import type * as api from '#common/schema/generated/types.ts';
import type { RunningContainer } from '../../containers/containerRuntime.ts';
import { ConnectionError } from '../../network/network.ts';
import { execOutput } from '../container/execOutput.ts';
import type { PodHost } from '../pod/podHost.ts';
import { grpcHealth } from './grpcHealth.ts';
import { httpGet, portNumber, urlOf } from './httpGet.ts';

export type ProbeOutcome =
  | { readonly result: 'success' }
  | { readonly result: 'failure'; readonly output: string }
  /** The probe itself could not be made: counts as a failure and says so. */
  | { readonly result: 'error'; readonly output: string };

const success: ProbeOutcome = { result: 'success' };
const failure = (output: string): ProbeOutcome => ({ result: 'failure', output });

/** Marks the abort that ends an attempt which takes longer than `timeoutSeconds`. */
class ProbeTimeout extends Error {}

export async function runProbe(
  host: PodHost,
  spec: api.Container,
  running: RunningContainer,
  probe: api.Probe,
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  const timeoutSeconds = probe.timeoutSeconds ?? 1;
  const attempt = new AbortController();
  const onAbort = (): void => attempt.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = host.machine.ctx.clock.setTimeout(() => attempt.abort(new ProbeTimeout()), timeoutSeconds * 1000);
  try {
    return await unlessAborted(attempt.signal, runAction(host, spec, running, probe, attempt.signal));
  } catch (error) {
    const timedOut = attempt.signal.reason instanceof ProbeTimeout;
    return outcomeOf(host, spec, probe, timedOut, timeoutSeconds, error);
  } finally {
    timer.dispose();
    signal.removeEventListener('abort', onAbort);
    attempt.abort();
  }
}

async function runAction(
  host: PodHost,
  spec: api.Container,
  running: RunningContainer,
  probe: api.Probe,
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  if (probe.exec) {
    const { exitCode, output } = await execOutput(running, probe.exec.command ?? [], signal);
    return exitCode === 0 ? success : failure(output);
  }
  if (probe.httpGet) {
    const { status } = await httpGet(host, probe.httpGet, spec, signal);
    return status >= 200 && status < 400 ? success : failure(`HTTP probe failed with statuscode: ${status}`);
  }
  const { network } = host.machine.ctx;
  if (probe.tcpSocket) {
    const port = portNumber(probe.tcpSocket.port, spec);
    if (port === undefined) return { result: 'error', output: `couldn't find port: ${probe.tcpSocket.port}` };
    network.connect(host.machine.ip, probe.tcpSocket.host || host.self.podIP, port).destroy();
    return success;
  }
  if (probe.grpc) {
    const status = await grpcHealth(
      network.connect(host.machine.ip, host.self.podIP, probe.grpc.port),
      probe.grpc.service ?? '',
      signal,
    );
    return status === 'SERVING' ? success : failure(`service unhealthy (responded with "${status}")`);
  }
  return success;
}

function outcomeOf(
  host: PodHost,
  spec: api.Container,
  probe: api.Probe,
  timedOut: boolean,
  timeoutSeconds: number,
  error: unknown,
): ProbeOutcome {
  const text = error instanceof Error ? error.message : String(error);
  if (probe.exec) {
    if (timedOut) return failure(`command ${JSON.stringify((probe.exec.command ?? []).join(' '))} timed out`);
    return { result: 'error', output: `rpc error: code = Unknown desc = ${text}` };
  }
  const action = probe.httpGet ?? probe.tcpSocket ?? probe.grpc;
  const address = (probe.httpGet?.host ?? probe.tcpSocket?.host) || host.self.podIP;
  const port = action ? (portNumber(action.port, spec) ?? 0) : 0;
  const what = timedOut ? 'i/o timeout' : dialProblem(error);
  if (probe.grpc) {
    return failure(
      what === undefined
        ? `error: health rpc probe failed: ${text}`
        : `timeout: failed to connect service "${address}:${port}" within ${timeoutSeconds}s: context deadline exceeded`,
    );
  }
  const dial = `dial tcp ${address}:${port}: ${what ?? text}`;
  if (!probe.httpGet) return failure(dial);
  const get = `Get "${urlOf(probe.httpGet, address, port)}": `;
  if (timedOut) return failure(`${get}context deadline exceeded (Client.Timeout exceeded while awaiting headers)`);
  return failure(get + (what === undefined ? (text === 'socket hang up' ? 'EOF' : text) : dial));
}

/** How Go words a connection that could not be made. */
function dialProblem(error: unknown): string | undefined {
  if (!(error instanceof ConnectionError)) return undefined;
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'connect: connection refused';
    case 'EHOSTUNREACH':
      return 'connect: no route to host';
    case 'ENOTFOUND':
      return 'lookup: no such host';
    case 'ETIMEDOUT':
      return 'i/o timeout';
  }
}

function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  if (signal.aborted) aborted.reject(signal.reason as Error);
  signal.addEventListener('abort', () => aborted.reject(signal.reason as Error), { once: true });
  // Whichever loses the race has nobody left to hear of its end.
  work.catch(() => undefined);
  aborted.promise.catch(() => undefined);
  return Promise.race([work, aborted.promise]);
}
