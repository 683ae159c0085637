/**
 * Reads a configuration field by field. The first thing that is wrong ends it with one sentence that names the field; so
 * does a field that nobody has asked for.
 */
import { FieldPath } from '#common/api/fieldPath.ts';
import { isJsonObject, type JsonObject } from '#common/api/ownProperty.ts';

/** What is wrong with a scheduler's configuration: `profiles[0].plugins.score.enabled[1].name: …`. */
export class ConfigurationError extends Error {
  constructor(path: FieldPath | undefined, problem: string) {
    super(path ? `${path.toString()}: ${problem}` : problem);
  }
}

interface Range {
  readonly least: number;
  readonly most: number;
}

const anyInt32: Range = { least: -(2 ** 31), most: 2 ** 31 - 1 };

export class ConfigurationFields {
  readonly path: FieldPath | undefined;
  readonly #values: JsonObject;
  readonly #asked = new Set<string>();

  constructor(value: unknown, path?: FieldPath) {
    if (!isJsonObject(value)) throw new ConfigurationError(path, `expected fields, found ${typeName(value)}.`);
    this.#values = value;
    this.path = path;
  }

  at(name: string): FieldPath {
    return this.path ? this.path.child(name) : FieldPath.of(name);
  }

  /** Null counts as absent, as everywhere in Kubernetes. */
  any(name: string): unknown {
    this.#asked.add(name);
    return Object.hasOwn(this.#values, name) ? (this.#values[name] ?? undefined) : undefined;
  }

  string(name: string): string | undefined {
    const value = this.any(name);
    if (value === undefined || typeof value === 'string') return value;
    throw new ConfigurationError(this.at(name), `expected text, found ${typeName(value)}.`);
  }

  boolean(name: string): boolean | undefined {
    const value = this.any(name);
    if (value === undefined || typeof value === 'boolean') return value;
    throw new ConfigurationError(this.at(name), `expected true or false, found ${typeName(value)}.`);
  }

  int(name: string, { least, most }: Range = anyInt32): number | undefined {
    const value = this.any(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value))
      throw new ConfigurationError(this.at(name), `expected a whole number, found ${typeName(value)}.`);
    if (value < least || value > most)
      throw new ConfigurationError(this.at(name), `${value} is not in the range ${least}-${most}.`);
    return value;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.string(name);
    const found = allowed.find((one) => one === value);
    if (value === undefined || found !== undefined) return found;
    throw new ConfigurationError(this.at(name), `${JSON.stringify(value)} is none of ${allowed.join(', ')}.`);
  }

  fields(name: string): ConfigurationFields | undefined {
    const value = this.any(name);
    return value === undefined ? undefined : new ConfigurationFields(value, this.at(name));
  }

  list<T>(name: string, read: (item: unknown, path: FieldPath) => T): T[] | undefined {
    const value = this.any(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw new ConfigurationError(this.at(name), `expected a list, found ${typeName(value)}.`);
    return value.map((item, i) => read(item, this.at(name).index(i)));
  }

  strings(name: string): string[] | undefined {
    return this.list(name, (item, path) => {
      if (typeof item === 'string') return item;
      throw new ConfigurationError(path, `expected text, found ${typeName(item)}.`);
    });
  }

  /** Fields that are right there and change nothing in this cluster. */
  ignore(...names: string[]): void {
    for (const name of names) this.#asked.add(name);
  }

  /** To be called when everything was read. */
  end(): void {
    for (const name of Object.keys(this.#values))
      if (!this.#asked.has(name)) throw new ConfigurationError(this.at(name), 'there is no such field.');
  }
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'fields';
  return JSON.stringify(value) ?? typeof value;
}
