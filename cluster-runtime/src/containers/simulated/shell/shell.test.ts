import { beforeAll, describe, expect, test } from 'vitest';
import type { RunningContainer } from '../../containerRuntime.ts';
import { TestBed } from '../testing/testBed.ts';

const bed = new TestBed();
let busybox: RunningContainer;
let debian: RunningContainer;
beforeAll(async () => {
  busybox = await bed.start('busybox', { command: ['tail', '-f', '/dev/null'] });
  debian = await bed.start('debian', { command: ['tail', '-f', '/dev/null'] });
});

interface Case {
  readonly script: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
}

const cases: Record<string, readonly Case[]> = {
  words: [
    { script: 'a="x  y"; echo $a; echo "$a"; echo \'$a\' \\$a', stdout: 'x y\nx  y\n$a $a\n' },
    { script: 'set -- 1 "2 3" ""; for i in "$@"; do echo "[$i]"; done; echo $# "$*"', stdout: '[1]\n[2 3]\n[]\n3 1 2 3 \n' },
    { script: 'set --; for i in "$@"; do echo no; done; echo ${1-unset}', stdout: 'unset\n' },
    { script: 'IFS=:; v=a:b::c; for i in $v; do echo "<$i>"; done', stdout: '<a>\n<b>\n<>\n<c>\n' },
    { script: 'echo {a,b}{1..3}', stdout: 'a1 a2 a3 b1 b2 b3\n' },
    {
      script: 'cd /etc; echo pass*; echo "pass*"; echo nothing*; x="h*sts"; echo $x',
      stdout: 'passwd\npass*\nnothing*\nhosts\n',
    },
    { script: 'echo ~; HOME=/x; echo ~/y', stdout: '/root\n/x/y\n' },
    { script: "echo 'it'\\''s' \"a\\\"b\" a\\ b", stdout: 'it\'s a"b a b\n' },
    { script: 'x=back\\\\slash; echo "$x"; echo $x', stdout: 'back\\slash\nback\\slash\n' },
  ],
  parameters: [
    { script: 'x=/a/b.tar.gz; echo ${x##*/} ${x%.*} ${x%%.*} ${x#/} ${#x}', stdout: 'b.tar.gz /a/b.tar /a/b a/b.tar.gz 11\n' },
    { script: 'echo ${u:-def} ${u:=set} $u ${u:+alt} ${n:+none}end', stdout: 'def set set alt end\n' },
    {
      script: 'x=abcabc; echo ${x/b/X} ${x//b/X} ${x:1:3} ${x: -2}',
      stdout: 'aXcabc aXcaXc bcd'.replace('bcd', 'bca') + ' bc\n',
    },
    { script: 'echo ${missing:?is needed}; echo no', stderr: 'sh: missing: is needed\n', code: 2 },
    { script: 'set -u; echo $nope; echo no', stderr: 'sh: nope: parameter not set\n', code: 2 },
    { script: 'f() { echo $1 $#; shift; echo $@; }; f a b c', stdout: 'a 3\nb c\n' },
  ],
  arithmetic: [
    {
      script: 'echo $((1+2*3)) $((7/2)) $((-7%3)) $((2**10)) $((1<<4)) $((5>3&&2<1)) $((x=4)) $x',
      stdout: '7 3 -1 1024 16 0 4 4\n',
    },
    { script: 'i=1; i=$((i+1)); : $((i++)); echo $i $((i>2?10:20)) $((0x10)) $((010))', stdout: '3 10 16 8\n' },
    { script: 'echo $((1/0))', stderr: 'sh: divide by zero\n', code: 2 },
  ],
  control: [
    { script: 'for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done', stdout: '1\n3\n' },
    { script: 'i=0; while :; do i=$((i+1)); [ $i -ge 3 ] && break; done; echo $i', stdout: '3\n' },
    { script: 'for a in 1 2; do for b in 1 2; do [ $b = 2 ] && continue 2; echo $a$b; done; done', stdout: '11\n21\n' },
    { script: 'case foo.txt in *.md|*.txt) echo doc;; *) echo other;; esac', stdout: 'doc\n' },
    { script: 'if false; then echo a; elif true; then echo b; else echo c; fi', stdout: 'b\n' },
    { script: 'f() { local x=in; return 3; }; x=out; f; echo $? $x', stdout: '3 out\n' },
    { script: 'true && echo and; false || echo or; ! true; echo $?', stdout: 'and\nor\n1\n' },
    { script: '(cd /tmp; x=1; echo $PWD); echo $PWD $x', stdout: '/tmp\n/\n' },
    { script: '[[ abc == a* && abc =~ ^a.c$ ]] && echo yes', stdout: 'yes\n' },
    { script: 'f() { f; }; f', stderr: 'sh: f: maximum function nesting level exceeded (500)\n', code: 1 },
  ],
  failures: [
    { script: 'set -e; false || echo ok; if false; then :; fi; (exit 3) || echo $?; false; echo no', stdout: 'ok\n3\n', code: 1 },
    {
      script: 'nope; echo $?; ./nope; echo $?; /etc/passwd; echo $?',
      stdout: '127\n127\n126\n',
      stderr: 'sh: nope: not found\nsh: ./nope: not found\nsh: /etc/passwd: Permission denied\n',
    },
    { script: 'echo a > /no/where; echo $?', stdout: '1\n', stderr: "sh: can't create /no/where: nonexistent directory\n" },
    { script: 'if true; then', stderr: 'sh: syntax error: unexpected end of file\n', code: 2 },
    { script: 'readonly r=1; r=2; echo no', stderr: 'sh: r: is read only\n', code: 1 },
    { script: 'false | true; echo $?; set -o pipefail; false | true; echo $?', stdout: '0\n1\n' },
    { script: 'exit 300', code: 44 },
  ],
  streams: [
    { script: 'echo out; echo err >&2', stdout: 'out\n', stderr: 'err\n' },
    { script: '{ echo a; echo b >&2; } 2>&1 | sort -r', stdout: 'b\na\n' },
    { script: 'echo one > /tmp/s; echo two >> /tmp/s; cat < /tmp/s; echo x > /dev/null', stdout: 'one\ntwo\n' },
    { script: 'exec 3>/tmp/three; echo to three >&3; cat /tmp/three', stdout: 'to three\n' },
    {
      script: 'x=5; cat <<EOF\n$x $((x+1)) $(echo sub)\nEOF\ncat <<"EOF"\n$x\nEOF\ncat <<-EOF\n\ttab\n\tEOF',
      stdout: '5 6 sub\n$x\ntab\n',
    },
    { script: 'printf "a b\\nc d\\n" | while read x y; do echo "$y$x"; done', stdout: 'ba\ndc\n' },
    { script: 'echo "a:b:c" | { IFS=: read x y; echo "$x|$y"; }', stdout: 'a|b:c\n' },
    { script: 'yes | head -n 2; seq 1 1000000 | head -n 1', stdout: 'y\ny\n1\n' },
    { script: 'x=$(printf "a\\n\\n"); echo "[$x]"; echo `echo back`', stdout: '[a]\nback\n' },
    { script: 'cat <(echo first) <(echo second)', stdout: 'first\nsecond\n' },
    { script: 'echo to the log > /proc/1/fd/1' },
  ],
  jobs: [
    { script: 'sleep 2 & sleep 1 & echo started; wait; echo done', stdout: 'started\ndone\n' },
    { script: '(exit 7) & wait $!; echo $?', stdout: '7\n' },
    { script: 'sleep 100 & kill $!; wait $!; echo $?', stdout: '143\n' },
    {
      script: 'trap "echo bye" EXIT; trap "echo usr" USR1; kill -USR1 $$; echo after; exit 4',
      stdout: 'usr\nafter\nbye\n',
      code: 4,
    },
    { script: 'trap "echo stop; exit" TERM; (sleep 1; kill $$) & sleep 100 & wait; echo no', stdout: 'stop\n', code: 143 },
    { script: 'trap "" TERM; kill $$; echo still here', stdout: 'still here\n' },
  ],
  builtins: [
    { script: 'printf "%05d|%-5s|%5s|%x|%c|%.2f|%%\\n" 42 ab cd 255 xyz 3.14159', stdout: '00042|ab   |   cd|ff|x|3.14|%\n' },
    { script: 'printf "%s-%s\\n" a b c', stdout: 'a-b\nc-\n' },
    { script: 'echo -n no newline; echo -e "\\ttab\\x41"; echo "a\\tb"', stdout: 'no newline\ttabA\na\\tb\n' },
    { script: 'while getopts ab:c o -a -b val -c x; do echo $o $OPTARG; done', stdout: 'a\nb val\nc val\n' },
    { script: 'eval "x=1; echo \\$x"; echo "y=2" > /tmp/e; . /tmp/e; echo $y', stdout: '1\n2\n' },
    {
      script: 'export A=1; B=2 env | grep "^[AB]="; echo "[$B]"; unset A; env | grep -c "^A="',
      stdout: 'A=1\nB=2\n[]\n0\n',
      code: 1,
    },
    { script: 'type cd; command -v ls; type nope; echo $?', stdout: 'cd is a shell builtin\n/bin/ls\nnope: not found\n127\n' },
    {
      script: 'cd /nope; cd /etc/passwd; cd /tmp; cd -; pwd',
      stdout: '/\n/\n',
      stderr: "sh: cd: can't cd to /nope: No such file or directory\nsh: cd: can't cd to /etc/passwd: Not a directory\n",
    },
    {
      script: 'test -f /etc/passwd -a -d /etc && echo both; [ a = b -o 1 -lt 2 ] && echo or; [ ! -e /nope ] && echo not',
      stdout: 'both\nor\nnot\n',
    },
    { script: '[ a -eq 1 ]; echo $?; [ a', stdout: '2\n', stderr: "sh: [: invalid number 'a'\nsh: [: missing ]\n", code: 2 },
    { script: 'set -x; x=1; echo $x "a b"', stdout: '1 a b\n', stderr: "+ x=1\n+ echo 1 'a b'\n" },
    { script: 'exec echo replaced; echo no', stdout: 'replaced\n' },
    {
      script: 'printf "#!/bin/sh\\necho script \\$1 \\$0\\n" > /tmp/run; chmod +x /tmp/run; /tmp/run arg; sh /tmp/run other',
      stdout: 'script arg /tmp/run\nscript other /tmp/run\n',
    },
    {
      script: 'x=__proto__; export constructor=harmless; echo $constructor ${toString-unset} $x',
      stdout: 'harmless unset __proto__\n',
    },
  ],
};

for (const [topic, list] of Object.entries(cases)) {
  describe(topic, () => {
    test.each(list.map((each) => [each.script, each] as const))('%s', async (script, { stdout = '', stderr = '', code = 0 }) => {
      expect(await bed.sh(busybox, script)).toEqual({ stdout, stderr, code });
    });
  });
}

describe('bash and dash in Debian', () => {
  test.each<[string[], string, string, number]>([
    [['sh', '-c', 'nope'], '', 'sh: 1: nope: not found\n', 127],
    [['bash', '-c', 'nope'], '', 'bash: line 1: nope: command not found\n', 127],
    [['sh', '-c', 'echo "a\\tb"'], 'a\tb\n', '', 0],
    [['bash', '-c', 'a=(1 2 "3 4"); echo ${#a[@]} ${a[2]}; for x in "${a[@]}"; do echo "$x"; done'], '3 3 4\n1\n2\n3 4\n', '', 0],
    [['bash', '-c', 'for ((i=0;i<3;i++)); do echo -n $i; done; echo; x=abc; echo ${x^^} ${x^}'], '012\nABC Abc\n', '', 0],
    [['bash', '-c', 'echo a > /no/where'], '', 'bash: line 1: /no/where: No such file or directory\n', 1],
    [['ps'], '', '', -1],
  ])('%j', async (command, stdout, stderr, code) => {
    if (code < 0) await expect(bed.exec(debian, command)).rejects.toThrow('executable file not found');
    else expect(await bed.exec(debian, command)).toEqual({ stdout, stderr, code });
  });
});
