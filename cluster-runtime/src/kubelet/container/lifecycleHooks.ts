/** postStart and preStop hooks. Resolves with the problem's text, or with undefined when the hook went well. */
import { sleep } from '#common/base/clock.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { RunningContainer } from '../../containers/containerRuntime.ts';
import type { PodHost } from '../pod/podHost.ts';
import { httpGet } from '../probes/httpGet.ts';
import { execOutput } from './execOutput.ts';

export async function runHook(
  host: PodHost,
  spec: api.Container,
  running: RunningContainer,
  hook: api.LifecycleHandler,
  signal: AbortSignal,
): Promise<string | undefined> {
  // What has no program here has nothing to do before it starts or ends.
  if (running.unknownProgram && !hook.sleep) return undefined;
  try {
    if (hook.exec) {
      const { exitCode, output } = await execOutput(running, hook.exec.command ?? [], signal);
      return exitCode === 0 ? undefined : `command '${(hook.exec.command ?? []).join(' ')}' exited with ${exitCode}: ${output}`;
    }
    if (hook.httpGet) {
      const { status } = await httpGet(host, hook.httpGet, spec, signal);
      return status < 400 ? undefined : `HTTP hook failed with statuscode: ${status}`;
    }
    if (hook.sleep) await sleep(host.machine.ctx.clock, hook.sleep.seconds * 1000, signal);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
