/** `kubectl exec`: a command in a container, with the terminal where `-it` asks for it. */
import { PassThrough, type Readable } from 'node:stream';
import { execInPod, type ExecStreams } from '#apiClient/streams/exec.ts';
import { text } from '../flags.ts';
import { KubectlError, plainError, usageError } from '../kubectlError.ts';
import { containerOf, onePod } from '../pods.ts';
import type { Io } from '../session.ts';
import type { Verb } from './verb.ts';

export const exec: Verb = {
  summary: 'Execute a command in a container.',
  usage: '(POD | TYPE/NAME) [-c CONTAINER] [-it] -- COMMAND [args...]',
  flags: {
    container: { kind: 'string', short: 'c' },
    stdin: { kind: 'bool', short: 'i' },
    tty: { kind: 'bool', short: 't' },
    quiet: { kind: 'bool', short: 'q' },
    'pod-running-timeout': text,
  },
  async run(session) {
    const { flags, args, afterDash, io } = session;
    const [given, ...words] = args;
    if (afterDash === undefined && words.length > 0)
      throw plainError(
        "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples",
      );
    if (given === undefined) throw usageError('kubectl exec', 'pod, type/name or --filename must be specified');
    const command = afterDash ?? [];
    if (command.length === 0) throw plainError('you must specify at least one command for the container');
    const pod = await onePod(session, given);
    const { name = '', namespace = '' } = pod.metadata;
    if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed')
      throw plainError(`cannot exec into a container in a completed pod; current phase is ${pod.status.phase}`);
    const container = containerOf(session, pod, flags.bool('quiet'));
    const wantsTty = flags.bool('tty');
    const tty = wantsTty && flags.bool('stdin') && io.stdin.isTTY === true;
    if (wantsTty && !tty && !flags.bool('quiet'))
      io.err(flags.bool('stdin') ? 'Unable to use a TTY - input is not a terminal or the right kind of file\n' : '');
    const code = await withTerminal(io, tty, (streams) =>
      session
        .api()
        .then((api) =>
          execInPod(
            api,
            { namespace, pod: name, container },
            command,
            { ...streams, ...(flags.bool('stdin') ? { stdin: io.stdin } : {}), tty },
            io.signal,
          ),
        ),
    );
    if (code !== 0) throw new KubectlError(`command terminated with exit code ${code}`, code);
  },
};

type RawInput = Readable & { setRawMode?(raw: boolean): unknown };

/** Keys go to the command as they are pressed; afterwards the terminal is as it was. */
async function withTerminal<T>(io: Io, tty: boolean, body: (streams: ExecStreams) => Promise<T>): Promise<T> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  stdout.setEncoding('utf8').on('data', (piece: string) => io.out(piece));
  stderr.setEncoding('utf8').on('data', (piece: string) => io.err(piece));
  const input = io.stdin as RawInput;
  if (tty) input.setRawMode?.(true);
  try {
    return await body({ stdout, stderr, ...(tty ? { onResize } : {}) });
  } finally {
    if (tty) input.setRawMode?.(false);
    // What came last has still to be written.
    await Promise.all([stdout, stderr].map((stream) => new Promise((resolve) => stream.end(() => setImmediate(resolve)))));
  }
}

function onResize(listener: (columns: number, rows: number) => void): { dispose(): void } {
  const tell = (): void => listener(process.stdout.columns, process.stdout.rows);
  tell();
  process.stdout.on('resize', tell);
  return { dispose: () => void process.stdout.off('resize', tell) };
}
