/** `--help`: what this kubectl can do, and the options of one command. */
import type { Verb } from './verbs/verb.ts';
import { verbNames } from './verbs/allVerbs.ts';

export function usageText(command?: string, verb?: Verb): string {
  if (!command || !verb)
    return `kubectl of Kube Playground: the everyday commands of kubectl.\n\nCommands:\n${verbNames()
      .map((name) => `  ${name}\n`)
      .join('')}\nUsage:\n  kubectl [command] [options]\n\nUse "kubectl <command> --help" for the options of a command.\n`;
  const options = Object.entries(verb.flags).map(([name, { short, kind }]) => {
    const value = kind === 'bool' ? '' : kind === 'int' ? '=NUMBER' : '=VALUE';
    return `    ${short ? `-${short}, ` : ''}--${name}${value}\n`;
  });
  return `${verb.summary}\n\nUsage:\n  ${command} ${verb.usage}\n${options.length ? `\nOptions:\n${options.join('')}` : ''}`;
}
