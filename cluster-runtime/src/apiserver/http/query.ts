/**
 * Query parameters as the Kubernetes API reads them: a name may come several times, a broken pair is dropped rather
 * than refused, and most parameters take the first of their values.
 */
import { badRequest } from '#common/api/status.ts';

const decode = (text: string): string | undefined => {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch (error) {
    // A malformed escape makes the pair meaningless; the request goes on without it.
    if (error instanceof URIError) return undefined;
    throw error;
  }
};

const none: readonly string[] = [];

export class Query {
  readonly #values = new Map<string, string[]>();
  readonly text: string;

  /** @param text what follows the question mark. */
  constructor(text: string) {
    this.text = text;
    if (!text) return;
    for (const pair of text.split('&')) {
      if (!pair || pair.includes(';')) continue;
      const equals = pair.indexOf('=');
      const name = decode(equals < 0 ? pair : pair.slice(0, equals));
      const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
      if (name === undefined || value === undefined) continue;
      const list = this.#values.get(name);
      if (list) list.push(value);
      else this.#values.set(name, [value]);
    }
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The first value; undefined when the parameter is absent. */
  get(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? none;
  }

  /** Anything but `false` and `0` is true; undefined when the parameter is absent. */
  boolean(name: string): boolean | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    return value !== '0' && value.toLowerCase() !== 'false';
  }

  /** A whole number. Throws the 400 that names the text; undefined when absent. */
  integer(name: string): number | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (!/^[+-]?\d+$/.test(value)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
    const number = Number(value);
    if (Math.abs(number) >= 2 ** 63) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: value out of range`);
    return number;
  }
}

export const emptyQuery = new Query('');
