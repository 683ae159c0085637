/** exec and attach from the request to the status at their end, whichever way the streams travel. */
import { Writable } from 'node:stream';
import { ApiError, badRequest, internalServerError, type Status } from '#common/api/status.ts';
import type { ExecIO } from '../../containers/containerRuntime.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Query } from '../http/query.ts';
import type { CommandOptions } from './commandStreams.ts';
import { acceptSpdyCommand } from './spdyCommand.ts';
import { requestedUpgrade } from './upgrade.ts';
import { acceptWebSocketCommand } from './webSocketChannels.ts';

/** With a terminal there is no separate error output. */
export function parseCommandOptions(query: Query): CommandOptions {
  const flag = (name: string): boolean => query.boolean(name) === true;
  const tty = flag('tty');
  return { stdin: flag('stdin'), stdout: flag('stdout'), stderr: flag('stderr') && !tty, tty };
}

const success: Status = { metadata: {}, status: 'Success' } as Status;

/** What tells kubectl to end with this exit code. */
function exitStatus(code: number): Status {
  if (code === 0) return success;
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  } as Status;
}

const discarded = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

/** Changes the protocol, runs `run` with the client's streams and reports its exit code. */
export async function serveCommand(
  exchange: Exchange,
  options: CommandOptions,
  run: (io: ExecIO) => Promise<number>,
): Promise<void> {
  const kind = requestedUpgrade(exchange);
  if (!options.stdin && !options.stdout && !options.stderr)
    throw badRequest('you must specify at least 1 of stdin, stdout, stderr');
  const streams =
    kind === 'websocket' ? await acceptWebSocketCommand(exchange, options) : await acceptSpdyCommand(exchange, options);
  if (!streams) return;
  let status: Status;
  try {
    const code = await run({
      ...(streams.stdin ? { stdin: streams.stdin } : {}),
      stdout: streams.stdout ?? discarded(),
      stderr: streams.stderr ?? (options.tty ? streams.stdout : undefined) ?? discarded(),
      tty: options.tty,
      onResize: (listener) => streams.onResize(listener),
      signal: streams.signal,
    });
    status = exitStatus(code);
  } catch (error) {
    if (streams.signal.aborted) return;
    status = (error instanceof ApiError ? error : internalServerError(String((error as Error)?.message ?? error))).toStatus();
  }
  await streams.finish(status);
}
