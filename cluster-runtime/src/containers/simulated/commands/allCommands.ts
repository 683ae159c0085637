/** The only list of tools that are programs of our own; other text tools come from the shell library (textTool.ts). */
import type { Program } from '../process/process.ts';
import { test } from './testCommand.ts';
import { shellProgram } from '../shell/shellProgram.ts';
import { cat, tee } from './cat.ts';
import { ifconfig, ip, nc, netstat, ping, traceroute } from './connections.ts';
import { curl } from './curl.ts';
import { date } from './date.ts';
import { env, printenv } from './environment.ts';
import { head, tail } from './headAndTail.ts';
import { df, free, hostname, id, nproc, tty, uname, uptime, whoami } from './identity.ts';
import { ls } from './ls.ts';
import { getent, nslookup } from './names.ts';
import { echo, fail, printf, seq, succeed, yes } from './output.ts';
import { clear, fullScreen, mktemp, realpath, stty, which } from './paths.ts';
import { kill, pgrep, pidof, ps, top } from './processes.ts';
import { tar } from './tar.ts';
import { runArguments, sleep, time, timeout, usleep, watch } from './waiting.ts';
import { wget } from './wget.ts';
import { xargs } from './xargs.ts';

export const allCommands: ReadonlyMap<string, Program> = new Map<string, Program>([
  ['[', test],
  ['ash', shellProgram('ash')],
  ['bash', shellProgram('bash')],
  ['busybox', runArguments],
  ['cat', cat],
  ['clear', clear],
  ['curl', curl],
  ['dash', shellProgram('dash')],
  ['date', date],
  ['df', df],
  ['echo', echo],
  ['env', env],
  ['false', fail],
  ['free', free],
  ['getent', getent],
  ['head', head],
  ['hostname', hostname],
  ['id', id],
  ['ifconfig', ifconfig],
  ['ip', ip],
  ['kill', kill],
  ['less', cat],
  ['ls', ls],
  ['mktemp', mktemp],
  ['more', cat],
  ['nc', nc],
  ['netstat', netstat],
  ['nohup', runArguments],
  ['nproc', nproc],
  ['nslookup', nslookup],
  ['pgrep', pgrep],
  ['pidof', pidof],
  ['ping', ping],
  ['printenv', printenv],
  ['printf', printf],
  ['ps', ps],
  ['realpath', realpath],
  ['seq', seq],
  ['sh', shellProgram('sh')],
  ['sleep', sleep],
  ['stty', stty],
  ['sync', succeed],
  ['tail', tail],
  ['tar', tar],
  ['tee', tee],
  ['test', test],
  ['time', time],
  ['timeout', timeout],
  ['top', top],
  ['traceroute', traceroute],
  ['true', succeed],
  ['tty', tty],
  ['uname', uname],
  ['uptime', uptime],
  ['usleep', usleep],
  ['vi', fullScreen],
  ['watch', watch],
  ['wget', wget],
  ['which', which],
  ['whoami', whoami],
  ['xargs', xargs],
  ['yes', yes],
]);
