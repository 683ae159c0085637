/** Runs a command in a container and collects the beginning of what it prints. */
import { Writable } from 'node:stream';
import type { RunningContainer } from '../../containers/containerRuntime.ts';

/** As much as Kubernetes keeps of a probe's output. */
const longestOutput = 10 * 1024;

export async function execOutput(
  running: RunningContainer,
  command: readonly string[],
  signal: AbortSignal,
): Promise<{ exitCode: number; output: string }> {
  let output = '';
  const collect = (): Writable =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        if (output.length < longestOutput) output += chunk.toString('utf8');
        done();
      },
    });
  const exitCode = await running.exec(command, { stdout: collect(), stderr: collect(), tty: false, signal });
  return { exitCode, output: output.slice(0, longestOutput) };
}
