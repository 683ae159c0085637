/** Options as kubectl reads them: anywhere among the arguments, `--name=value` or `--name value`, short ones together (`-it`). */
import { KubectlError } from './kubectlError.ts';

export interface FlagSpec {
  readonly short?: string;
  /** `list` takes each use as it is, `commaList` splits at commas. */
  readonly kind: 'bool' | 'string' | 'int' | 'list' | 'commaList';
  /** What the option means without a value; it then takes none after a blank. */
  readonly bare?: string;
}

export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

export const text: FlagSpec = { kind: 'string' };
export const bool: FlagSpec = { kind: 'bool' };
export const int: FlagSpec = { kind: 'int' };
export const list: FlagSpec = { kind: 'list' };
export const commaList: FlagSpec = { kind: 'commaList' };

export class Flags {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  bool(name: string, otherwise = false): boolean {
    const value = this.text(name);
    return value === undefined ? otherwise : value === 'true';
  }

  number(name: string): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : Number(value);
  }

  list(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }
}

export interface ParsedArguments {
  readonly flags: Flags;
  readonly args: readonly string[];
  /** What came after `--`; undefined without one. */
  readonly afterDash: readonly string[] | undefined;
}

/** `command` is named in complaints: `kubectl get`. */
export function parseArguments(argv: readonly string[], specs: FlagSpecs, command: string): ParsedArguments {
  const values = new Map<string, string[]>();
  const args: string[] = [];
  const usage = (problem: string): KubectlError => new KubectlError(`error: ${problem}\nSee '${command} --help' for usage.`);
  const shorts = new Map(Object.entries(specs).flatMap(([name, { short }]) => (short ? [[short, name] as const] : [])));
  const set = (name: string, spec: FlagSpec, value: string, shown: string): void => {
    const bad = (type: string, why: string): KubectlError =>
      usage(`invalid argument ${JSON.stringify(value)} for "${shown}" flag: ${type}: parsing ${JSON.stringify(value)}: ${why}`);
    if (spec.kind === 'bool' && !/^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value))
      throw bad('strconv.ParseBool', 'invalid syntax');
    if (spec.kind === 'int' && !/^[-+]?\d+$/.test(value)) throw bad('strconv.ParseInt', 'invalid syntax');
    const kept = spec.kind === 'bool' ? String(/^[1tT]/.test(value)) : value;
    const before = spec.kind === 'list' || spec.kind === 'commaList' ? (values.get(name) ?? []) : [];
    values.set(name, [...before, ...(spec.kind === 'commaList' ? kept.split(',') : [kept])]);
  };
  const shownOf = (name: string, { short }: FlagSpec): string => (short ? `-${short}, --${name}` : `--${name}`);
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === '--') return { flags: new Flags(values), args, afterDash: argv.slice(i + 1) };
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const name = word.slice(2, equals < 0 ? undefined : equals);
      const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
      if (!spec) throw usage(`unknown flag: --${name}`);
      const bare = spec.bare ?? (spec.kind === 'bool' ? 'true' : undefined);
      if (equals >= 0) set(name, spec, word.slice(equals + 1), shownOf(name, spec));
      else if (bare !== undefined) set(name, spec, bare, shownOf(name, spec));
      else if (++i < argv.length) set(name, spec, argv[i] ?? '', shownOf(name, spec));
      else throw usage(`flag needs an argument: --${name}`);
    } else if (word.startsWith('-') && word.length > 1) {
      for (let at = 1; at < word.length; at++) {
        const short = word[at] ?? '';
        const name = shorts.get(short);
        const spec = name === undefined ? undefined : specs[name];
        if (name === undefined || !spec) throw usage(`unknown shorthand flag: '${short}' in ${word}`);
        const bare = spec.bare ?? (spec.kind === 'bool' ? 'true' : undefined);
        const rest = word.slice(at + 1);
        if (rest.startsWith('=')) set(name, spec, rest.slice(1), shownOf(name, spec));
        else if (bare !== undefined) {
          set(name, spec, bare, shownOf(name, spec));
          continue;
        } else if (rest !== '') set(name, spec, rest, shownOf(name, spec));
        else if (++i < argv.length) set(name, spec, argv[i] ?? '', shownOf(name, spec));
        else throw usage(`flag needs an argument: '${short}' in ${word}`);
        break;
      }
    } else args.push(word);
  }
  return { flags: new Flags(values), args, afterDash: undefined };
}
