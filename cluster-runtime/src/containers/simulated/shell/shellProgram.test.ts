import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { RunningContainer } from '../../containerRuntime.ts';
import { settle, TestBed } from '../testing/testBed.ts';

class Session {
  readonly #stdin = new PassThrough();
  readonly done: Promise<number>;
  #shown = '';

  constructor(container: RunningContainer, command: readonly string[], bed: TestBed) {
    const stdout = new PassThrough();
    stdout.on('data', (chunk: Buffer) => (this.#shown += chunk.toString()));
    this.done = container.exec(command, {
      stdin: this.#stdin,
      stdout,
      stderr: new PassThrough(),
      tty: true,
      signal: bed.ctx.signal,
    });
  }

  /** What the terminal showed since the last call. */
  async type(keys: string): Promise<string> {
    if (keys !== '') this.#stdin.write(keys);
    await settle();
    const shown = this.#shown;
    this.#shown = '';
    return shown;
  }
}

async function open(image = 'busybox', command: readonly string[] = ['sh']): Promise<[Session, TestBed]> {
  const bed = new TestBed();
  const container = await bed.start(image, { command: ['tail', '-f', '/dev/null'] });
  return [new Session(container, command, bed), bed];
}

test('a prompt, echo, line editing and exit', async () => {
  const [session] = await open();
  expect(await session.type('')).toBe('/ # ');
  expect(await session.type('cd /tmp\r')).toBe('cd /tmp\r\n/tmp # ');
  expect(await session.type('ecX\x7fho hi\r')).toBe('ecX\b \bho hi\r\nhi\r\n/tmp # ');
  expect(await session.type('cho left\x01e\r')).toContain('\r\nleft\r\n');
  expect(await session.type('nope\r')).toBe('nope\r\nsh: nope: not found\r\n/tmp # ');
  expect(await session.type('echo )\r')).toContain("syntax error near unexpected token `)'");
  expect(await session.type('for i in 1 2; do\r')).toBe('for i in 1 2; do\r\n> ');
  expect(await session.type('echo $i; done\r')).toBe('echo $i; done\r\n1\r\n2\r\n/tmp # ');
  await session.type('exit 5\r');
  expect(await session.done).toBe(5);
});

test('arrow keys recall lines', async () => {
  const [session] = await open();
  await session.type('echo one\r');
  await session.type('echo two\r');
  expect(await session.type('\x1b[A\x1b[A\r')).toContain('\r\none\r\n');
  expect(await session.type('\x1b[A\x1b[B\r')).toMatch(/\r\n\/ # $/);
});

test('Ctrl-C ends what runs, not the shell', async () => {
  const [session, bed] = await open();
  await session.type('');
  await session.type('sleep 1000\r');
  expect(await session.type('\x03')).toBe('^C\r\n\r\n/ # ');
  expect(await session.type('echo $?\r')).toContain('\r\n130\r\n');
  await session.type('while :; do :; done\r');
  await bed.advance(100);
  expect(await session.type('\x03')).toBe('^C\r\n\r\n/ # ');
  await session.type('read x\r');
  expect(await session.type('\x03')).toContain('/ # ');
  expect(await session.type('half a line\x03')).toBe('half a line^C\r\n/ # ');
  expect(await session.type('echo alive\r')).toBe('echo alive\r\nalive\r\n/ # ');
});

test('Ctrl-D ends input, and at the prompt the shell', async () => {
  const [session] = await open();
  await session.type('cat\r');
  expect(await session.type('line\r')).toBe('line\r\nline\r\n');
  expect(await session.type('\x04')).toBe('/ # ');
  await session.type('(exit 3)\r');
  await session.type('\x04');
  expect(await session.done).toBe(3);
});

test('prompts of other shells', async () => {
  const [bash] = await open('debian', ['bash']);
  expect(await bash.type('')).toBe('root@pod-1:/# ');
  expect(await bash.type('cd\r')).toBe('cd\r\nroot@pod-1:~# ');
  const [dash] = await open('nginx', ['sh']);
  expect(await dash.type('')).toBe('# ');
});

test('background jobs are announced and survive Ctrl-C', async () => {
  const [session] = await open();
  await session.type('');
  expect(await session.type('sleep 500 &\r')).toMatch(/\[1\] \d+\r\n\/ # $/);
  await session.type('\x03');
  expect(await session.type('jobs\r')).toContain('[1]+  Running                 sleep 500');
});

test('a script on standard input shares it with its commands', async () => {
  const bed = new TestBed();
  const container = await bed.start('busybox', { command: ['tail', '-f', '/dev/null'] });
  const script = 'echo one\nread x\nfor the variable\necho "got $x"\nif true\nthen echo two\nfi\ncat\nthe rest\n';
  expect(await bed.exec(container, ['sh'], script)).toEqual({
    stdout: 'one\ngot for the variable\ntwo\nthe rest\n',
    stderr: '',
    code: 0,
  });
});
