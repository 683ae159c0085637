/** Perl, as far as the Job of Kubernetes' documentation needs it: it prints pi. */
import { imageDescriptions } from '#common/images/imageDescriptions.ts';
import { debianLayer, type ImageDefinition, layer, simulated } from '../images/image.ts';
import { piDigits } from '../programs/pi.ts';
import type { Program } from '../process/process.ts';

const mostDigits = 20_000;
/** A real perl takes about this long for each digit of the usual 2,000. */
const msPerDigit = 2;

/**
 * Differs from Kubernetes: understands `print` of a text, a number or `bpi(digits)`, one or several with `;` between.
 */
const perl: Program = async (process) => {
  const options = process.args;
  if (options.includes('-v') || options.includes('--version')) {
    await process.out('\nThis is perl 5, version 34, subversion 0 (v5.34.0) built for x86_64-linux-gnu\n\n');
    return 0;
  }
  const at = options.findIndex((option) => /^-[a-zA-Z]*e$/.test(option));
  const script = at < 0 ? undefined : options[at + 1];
  if (script === undefined) {
    await process.error("perl: simulated containers only know perl -e 'print …'\n");
    return 2;
  }
  const newline = options.some((option) => /^-[a-zA-Z]*l[a-zA-Z]*$/.test(option)) ? '\n' : '';
  for (const statement of script.split(';').map((part) => part.trim())) {
    if (statement === '') continue;
    const match = /^print\s*\(?\s*(?:bpi\((\d+)\)|"((?:[^"\\]|\\.)*)"|'([^']*)'|(-?\d+(?:\.\d+)?))\s*\)?$/.exec(statement);
    if (!match) {
      await process.error(`perl: simulated containers only know print of a text, a number or bpi(digits), not: ${statement}\n`);
      return 255;
    }
    const [, digits, double, single, number] = match;
    if (digits !== undefined) {
      const count = Math.min(mostDigits, Number(digits));
      process.container.countWork(count * msPerDigit);
      if (process.container.host.takesTime) await process.sleep(count * msPerDigit);
      await process.out(piDigits(count) + newline);
    } else
      await process.out(
        (double?.replaceAll('\\n', '\n').replaceAll('\\t', '\t').replaceAll(/\\(.)/g, '$1') ?? single ?? number ?? '') + newline,
      );
  }
  return 0;
};

export const perlImage: ImageDefinition = {
  ...simulated(imageDescriptions.perl),
  build: () => ({
    layers: [debianLayer, layer('perl', 310)],
    cmd: ['perl', '-de0'],
    userland: 'debian',
    tools: ['curl'],
    programs: { '/usr/local/bin/perl': perl },
    usage: { cpuMillicores: 1, memoryMebibytes: 12 },
  }),
};
