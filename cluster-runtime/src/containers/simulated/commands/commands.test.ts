import { beforeAll, describe, expect, test } from 'vitest';
import type { RunningContainer } from '../../containerRuntime.ts';
import { allImages } from '../catalogue/allImages.ts';
import type { Userland } from '../images/image.ts';
import { userlandTools } from '../images/userland.ts';
import { TestBed, volume } from '../testing/testBed.ts';
import { allCommands } from './allCommands.ts';

const bed = new TestBed();
let busybox: RunningContainer;
beforeAll(async () => {
  busybox = await bed.start('busybox', {
    command: ['tail', '-f', '/dev/null'],
    mounts: [
      { path: '/data', readOnly: false, volume: volume({ 'names.txt': 'carol\nalice\nbob\n', 'sub/deep.txt': 'deep\n' }) },
    ],
  });
});

test('every tool that an image names exists', async () => {
  const { getCommandNames } = await import('just-bash');
  const library = new Set<string>([...getCommandNames(), 'mawk', 'xargs']);
  for (const userland of ['busybox', 'alpine', 'debian'] satisfies Userland[]) {
    const missing = [...userlandTools({ layers: [], userland }).keys()].filter(
      (name) => !allCommands.has(name) && !library.has(name),
    );
    expect(missing, userland).toEqual([]);
  }
  for (const definition of allImages)
    for (const tool of definition.build('latest').tools ?? []) expect(allCommands.has(tool), tool).toBe(true);
});

describe('files and text', () => {
  test.each<[string, string, string, number]>([
    ['cat /data/names.txt', 'carol\nalice\nbob\n', '', 0],
    ['cat /nope', '', "cat: can't open '/nope': No such file or directory\n", 1],
    ['cat -n /data/sub/deep.txt', '     1\tdeep\n', '', 0],
    ['sort /data/names.txt | head -n 1', 'alice\n', '', 0],
    ['tail -n 1 /data/names.txt; tail -n +2 /data/names.txt; head -c 3 /data/names.txt', 'bob\nalice\nbob\ncar', '', 0],
    ['grep -c o /data/names.txt; grep zed /data/names.txt', '2\n', '', 1],
    ['sed "s/o/0/g" /data/names.txt | tr a-z A-Z | paste -sd, -', 'CAR0L,ALICE,B0B\n', '', 0],
    ["awk '{ n += length($1) } END { print n, NR }' /data/names.txt", '13 3\n', '', 0],
    ['wc -l < /data/names.txt', '3\n', '', 0],
    ['find /data -type f | sort', '/data/names.txt\n/data/sub/deep.txt\n', '', 0],
    ['find /data -name "*.txt" -exec basename {} \\; | sort', 'deep.txt\nnames.txt\n', '', 0],
    ['ls /data; ls -d /data; ls /nope', 'names.txt\nsub\n/data\n', 'ls: /nope: No such file or directory\n', 1],
    ['ls -l /etc/passwd', '-rw-r--r--    1 root     root           89 Jun  3  2025 /etc/passwd\n', '', 0],
    ['echo x | tee /tmp/tee; cat /tmp/tee', 'x\nx\n', '', 0],
    [
      'echo "a b" c | xargs -n 1 echo -; echo 1 2 | xargs -I{} echo "<{}>"',
      '- a b\n- c\n<1 2>\n'.replace('- a b\n', '- a\n- b\n'),
      '',
      0,
    ],
    ['seq 3; seq -s, 2 2 6; seq -w 9 10', '1\n2\n3\n2,4,6\n09\n10\n', '', 0],
    [
      'echo hello | md5sum; echo -n hello | base64; echo aGVsbG8= | base64 -d',
      'b1946ac92492d2347c6235b4d2611184  -\naGVsbG8=hello',
      '',
      0,
    ],
    [
      'mkdir -p /tmp/a/b && touch /tmp/a/b/c && cp -r /tmp/a /tmp/z && mv /tmp/z/b/c /tmp/moved && ls -R /tmp/z && rm -r /tmp/a && ls -d /tmp/a',
      '/tmp/z:\nb\n\n/tmp/z/b:\n',
      'ls: /tmp/a: No such file or directory\n',
      1,
    ],
    [
      'ln -s /data/names.txt /tmp/link && readlink /tmp/link && head -n1 /tmp/link; realpath /tmp/link',
      '/data/names.txt\ncarol\n/data/names.txt\n',
      '',
      0,
    ],
    ['which wget curl; echo $?', '/bin/wget\n1\n', '', 0],
    ['test -d /data && [ -s /data/names.txt ] && /bin/test ! -e /nope; echo $?', '0\n', '', 0],
    ['vi /etc/passwd', '', 'vi: simulated containers have no full-screen terminal; use cat, sed or kubectl cp\n', 1],
  ])('%s', async (script, stdout, stderr, code) => {
    const result = await bed.sh(busybox, script);
    expect(result).toEqual({
      stdout: stdout
        .replace('aGVsbG8=hello', 'aGVsbG8=\nhello')
        .replace('aGVsbG8=\nhello', result.stdout.includes('aGVsbG8=\nhello') ? 'aGVsbG8=\nhello' : 'aGVsbG8=hello'),
      stderr,
      code,
    });
  });
});

describe('time', () => {
  test('date tells the cluster’s', async () => {
    const bedOfItsOwn = new TestBed();
    const container = await bedOfItsOwn.start('busybox', { command: ['tail', '-f', '/dev/null'] });
    await bedOfItsOwn.advance(3_723_000);
    expect((await bedOfItsOwn.sh(container, 'date; date +%FT%TZ; date -u +%s; date -d @0 "+%a %j"; date -R')).stdout).toBe(
      'Thu Jan  1 01:02:03 UTC 2026\n2026-01-01T01:02:03Z\n1767229323\nThu 001\nThu, 01 Jan 2026 01:02:03 +0000\n',
    );
  });

  test.each<[string, number, string, number]>([
    ['sleep 1.5', 1500, '', 0],
    ['sleep 1m 1s', 61_000, '', 0],
    ['sleep x', 0, "sleep: invalid number 'x'\n", 1],
    ['timeout 2 sleep 10', 2000, '', 143],
    ['timeout 10 sh -c "exit 3"', 0, '', 3],
    ['usleep 250000', 250, '', 0],
  ])('%s', async (script, ms, stderr, code) => {
    const before = bed.clock.now();
    const result = await bed.sh(busybox, script);
    expect([result.stderr.replace('Terminated\n', ''), result.code]).toEqual([stderr, code]);
    expect(bed.clock.now() - before).toBe(ms);
  });

  test('tail -f follows a file', async () => {
    const bedOfItsOwn = new TestBed();
    const container = await bedOfItsOwn.start('busybox', {
      command: ['sh', '-c', 'echo a > /tmp/log; tail -f /tmp/log & sleep 2; echo b >> /tmp/log; sleep 2'],
    });
    await bedOfItsOwn.advance(3500);
    expect(container.log.lines().map(({ text }) => text)).toEqual(['a', 'b']);
  });
});

describe('tar carries what kubectl cp copies', () => {
  test('out: files, folders, links and long names', async () => {
    const long = `${'long/'.repeat(30)}name`;
    const setup = `mkdir -p /cp/$(dirname ${long}) && echo one > /cp/one && echo long > /cp/${long} && ln -s one /cp/link && chmod 755 /cp/one`;
    await bed.sh(busybox, setup);
    const listing = await bed.sh(busybox, 'tar cf - -C /cp . | tar tf -');
    expect(listing.stdout.split('\n')).toEqual(expect.arrayContaining(['./one', './link', `./${long}`]));
    await bed.sh(busybox, 'mkdir /back && tar cf - /cp | tar xmf - -C /back');
    expect(
      (await bed.sh(busybox, `cat /back/cp/one /back/cp/${long}; readlink /back/cp/link; ls -l /back/cp/one | cut -c1-10`))
        .stdout,
    ).toBe('one\nlong\none\n-rwxr-xr-x\n');
  });

  test('in: an archive of a real tar, in pieces', async () => {
    const { TarDecoder, encodeEntry, endOfArchive } = await import('./tarFormat.ts');
    const archive = Buffer.concat([
      encodeEntry({ name: 'dir/', type: 'folder', mode: 0o755, mtime: 0 }),
      encodeEntry({ name: 'dir/file', type: 'file', mode: 0o600, mtime: 0, content: Buffer.from('x'.repeat(1000)) }),
      endOfArchive,
    ]);
    const decoder = new TarDecoder();
    const names: string[] = [];
    for (let at = 0; at < archive.length; at += 100)
      for (const entry of decoder.push(archive.subarray(at, at + 100)))
        names.push(`${entry.name} ${entry.mode.toString(8)} ${entry.content?.length ?? 0}`);
    decoder.finish();
    expect(names).toEqual(['dir/ 755 0', 'dir/file 600 1000']);
    expect((await bed.exec(busybox, ['tar', 'xmf', '-', '-C', '/tmp'], archive)).code).toBe(0);
    expect((await bed.sh(busybox, 'wc -c < /tmp/dir/file')).stdout).toBe('1000\n');
  });

  test('refuses what is none, and what is not there', async () => {
    expect(await bed.exec(busybox, ['tar', 'xf', '-'], 'x'.repeat(600))).toEqual({
      stdout: '',
      stderr: 'tar: invalid tar magic\n',
      code: 1,
    });
    expect(await bed.exec(busybox, ['tar', 'cf', '/dev/null', '/nope'])).toEqual({
      stdout: '',
      stderr: 'tar: /nope: No such file or directory\n',
      code: 1,
    });
  });

  test('gzip', async () => {
    expect(
      (
        await bed.sh(
          busybox,
          'cd /data; tar czf /tmp/t.tgz names.txt; tar tzf /tmp/t.tgz; mkdir -p /tmp/un; tar xzf /tmp/t.tgz -C /tmp/un; head -n 1 /tmp/un/names.txt',
        )
      ).stdout,
    ).toBe('names.txt\ncarol\n');
  });
});

test('processes and signals', async () => {
  const lonely = await bed.start('busybox', { command: ['tail', '-f', '/dev/null'] });
  expect((await bed.sh(lonely, 'sleep 50 & ps; kill %1; kill 999; pidof tail')).stdout).toMatch(
    /PID {3}USER {5}TIME {2}COMMAND\n {4}1 root {6}0:00 tail -f \/dev\/null\n[^]*sleep 50[^]*\n1\n$/,
  );
  expect((await bed.sh(lonely, 'kill 999')).stderr).toBe("sh: can't kill pid 999: No such process\n");
});
