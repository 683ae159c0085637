/**
 * `stress`, as Kubernetes' pages on memory and CPU use it: keeps processors busy and memory taken, on paper. Nothing is
 * computed; the container counts as using what was asked for.
 */
import { imageDescriptions } from '#common/images/imageDescriptions.ts';
import { parseQuantity, quantityMilli } from '#common/api/quantity.ts';
import { parseDuration } from '../commands/waiting.ts';
import { alpineLayer, type ImageDefinition, layer, simulated } from '../images/image.ts';
import type { Process, Program } from '../process/process.ts';

const usualBytes = 256 * 2 ** 20;
const multiples: Readonly<Record<string, number>> = { '': 1, B: 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

function bytesOf(text: string): number | undefined {
  const [, digits, suffix = ''] = /^(\d+)([BKMG]?)$/i.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * (multiples[suffix.toUpperCase()] ?? 1);
}

async function untilTold(process: Process, seconds: number | undefined): Promise<number> {
  const told = process.untilSignal('TERM', 'INT');
  await (seconds === undefined ? told : Promise.race([told, process.sleep(seconds * 1000)]));
  return 0;
}

const usage =
  'Usage: stress [OPTION [ARG]] ...\n -c, --cpu N        spawn N workers spinning on sqrt()\n -i, --io N         spawn N workers spinning on sync()\n -m, --vm N         spawn N workers spinning on malloc()/free()\n     --vm-bytes B   malloc B bytes per vm worker (default is 256MB)\n -t, --timeout N    timeout after N seconds\n';

const stress: Program = async (process) => {
  const given = new Map<string, string>();
  const longNames: Readonly<Record<string, string>> = { c: 'cpu', i: 'io', m: 'vm', d: 'hdd', t: 'timeout' };
  const flags = new Set(['vm-keep', 'verbose', 'quiet', 'dry-run']);
  const { args } = process;
  for (let at = 0; at < args.length; at++) {
    const [, name = '', joined] = /^--?([^=]+)(?:=(.*))?$/.exec(args[at] ?? '') ?? [];
    const long = longNames[name] ?? name;
    if (flags.has(long) || ['v', 'q', 'n'].includes(long)) continue;
    given.set(long, joined ?? args[++at] ?? '');
  }
  const count = (name: string): number => Number(given.get(name) ?? 0);
  const [cpu, io, vm, hdd] = [count('cpu'), count('io'), count('vm'), count('hdd')];
  if (!(cpu + io + vm + hdd > 0)) {
    await process.out(usage);
    return 0;
  }
  const bytes = given.has('vm-bytes') ? bytesOf(given.get('vm-bytes') ?? '') : usualBytes;
  if (bytes === undefined) {
    await process.error(`stress: FAIL: [${process.pid}] (244) unrecognized suffix: ${given.get('vm-bytes')?.at(-1)}\n`);
    return 1;
  }
  await process.out(`stress: info: [${process.pid}] dispatching hogs: ${cpu} cpu, ${io} io, ${vm} vm, ${hdd} hdd\n`);
  // A worker that sleeps on its memory needs hardly any processor.
  const busy = cpu + io * 0.1 + hdd * 0.3 + (given.has('vm-hang') ? 0 : vm);
  process.occupy({ millicores: busy * 1000, bytes: vm * bytes });
  const timeout = given.get('timeout');
  const ms = timeout === undefined ? undefined : parseDuration(timeout);
  const code = await untilTold(process, ms === undefined ? undefined : ms / 1000);
  if (ms !== undefined) await process.out(`stress: info: [${process.pid}] successful run completed in ${ms / 1000}s\n`);
  return code;
};

/** The one of Kubernetes' page on CPU, whose options have one dash. */
const goStress: Program = async (process) => {
  const { args } = process;
  const option = (name: string): string | undefined => {
    const at = args.findIndex((arg) => arg.replace(/^--?/, '') === name);
    return at < 0 ? args.find((arg) => arg.replace(/^--?/, '').startsWith(`${name}=`))?.split('=')[1] : args[at + 1];
  };
  const cpus = Number(option('cpus') ?? 0);
  const memory = option('mem-total') ?? '0';
  const quantity = parseQuantity(memory);
  if (!quantity || Number.isNaN(cpus)) {
    await process.error(`panic: cannot parse '${memory}': quantities must match the regular expression\n`);
    return 2;
  }
  const chunk = option('mem-alloc-size') ?? '4Ki';
  const pause = option('mem-alloc-sleep') ?? '1ms';
  await process.error(`Allocating "${memory}" memory, in "${chunk}" chunks, with a ${pause} sleep between allocations\n`);
  for (let i = 0; i < cpus; i++) await process.error('Spawning a thread to consume CPU\n');
  process.occupy({ millicores: cpus * 1000, bytes: quantityMilli(quantity) / 1000 });
  await process.error(`Allocated "${memory}" memory\n`);
  return untilTold(process, undefined);
};

export const stressImage: ImageDefinition = {
  ...simulated(imageDescriptions.stress),
  build: () => ({
    layers: [alpineLayer, layer('stress', 1)],
    cmd: ['stress'],
    userland: 'alpine',
    programs: { '/usr/local/bin/stress': stress },
    usage: { cpuMillicores: 0, memoryMebibytes: 1 },
  }),
};

export const goStressImage: ImageDefinition = {
  ...simulated(imageDescriptions.goStress),
  build: () => ({
    layers: [layer('vish-stress', 3)],
    entrypoint: ['/stress', '-logtostderr'],
    userland: 'none',
    programs: { '/stress': goStress },
    usage: { cpuMillicores: 0, memoryMebibytes: 1 },
  }),
};
