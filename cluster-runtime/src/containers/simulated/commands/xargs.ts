/** `xargs`: starts commands with what standard input lists. */
import type { Program } from '../process/process.ts';
import { startCommand } from './waiting.ts';

export const xargs: Program = async (process) => {
  const args = [...process.args];
  let perCommand = Infinity;
  let replace: string | undefined;
  let nulls = false;
  let skipEmpty = false;
  let trace = false;
  while (args[0]?.startsWith('-')) {
    const option = args.shift() as string;
    if (option === '-0') nulls = true;
    else if (option === '-r') skipEmpty = true;
    else if (option === '-t') trace = true;
    else if (/^-[nLP]$/.test(option)) {
      const value = Number(args.shift());
      if (option !== '-P') perCommand = value;
    } else if (/^-[nL]\d+$/.test(option)) perCommand = Number(option.slice(2));
    else if (option === '-I') replace = args.shift() ?? '{}';
    else if (/^-I./.test(option)) replace = option.slice(2);
    else if (option === '-i') replace = '{}';
  }
  const command = args.length > 0 ? args : ['echo'];
  const text = new TextDecoder().decode(await process.readAll());
  const items = nulls ? text.split('\0').filter((item) => item !== '') : replace !== undefined ? lines(text) : words(text);
  const batches: string[][] = [];
  if (replace !== undefined)
    for (const item of items) batches.push(command.map((word) => word.replaceAll(replace as string, item)));
  else {
    for (let at = 0; at < items.length; at += perCommand) {
      batches.push([...command, ...items.slice(at, at + perCommand)]);
      if (perCommand === Infinity) break;
    }
    // Without input the command still runs once.
    if (items.length === 0 && !skipEmpty) batches.push(command);
  }
  let status = 0;
  for (const argv of batches) {
    if (trace) await process.error(`${argv.join(' ')}\n`);
    const child = await startCommand(process, argv);
    if (typeof child === 'number') return child;
    const { code } = await child.wait();
    if (code === 255) return 124;
    if (code !== 0) status = 123;
  }
  return status;
};

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Blanks separate; quotes and backslashes keep them. */
function words(text: string): string[] {
  return [...text.matchAll(/(?:"([^"]*)"|'([^']*)'|\\([^])|[^\s"'\\])+/g)].map(([word]) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'|\\([^])/g, '$1$2$3'),
  );
}
