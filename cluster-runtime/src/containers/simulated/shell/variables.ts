/** A shell's variables: values, arrays, which are exported, and the scopes that `local` makes. */

export interface Variable {
  readonly value: string | readonly string[];
  readonly exported: boolean;
  readonly readOnly: boolean;
}

/** A refusal that ends the command: `readonly` variables, `${x:?message}`, `set -u`. */
export class ShellError extends Error {
  readonly status: number;
  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}

export class Variables {
  readonly #all: Map<string, Variable>;
  /** What `local` hid, innermost scope last. */
  readonly #scopes: Map<string, Variable | undefined>[] = [];

  constructor(all: Map<string, Variable> = new Map()) {
    this.#all = all;
  }

  static of(env: ReadonlyMap<string, string>): Variables {
    return new Variables(new Map([...env].map(([name, value]) => [name, { value, exported: true, readOnly: false }])));
  }

  clone(): Variables {
    return new Variables(new Map(this.#all));
  }

  get(name: string): string | undefined {
    const value = this.#all.get(name)?.value;
    return typeof value === 'object' ? value[0] : value;
  }

  array(name: string): readonly string[] {
    const value = this.#all.get(name)?.value;
    return value === undefined ? [] : typeof value === 'object' ? value.filter((item) => item !== undefined) : [value];
  }

  element(name: string, index: number): string | undefined {
    const value = this.#all.get(name)?.value;
    if (typeof value === 'object') return value[index < 0 ? value.length + index : index];
    return index === 0 ? value : undefined;
  }

  describe(name: string): Variable | undefined {
    return this.#all.get(name);
  }

  names(): string[] {
    return [...this.#all.keys()].sort();
  }

  set(name: string, value: string | readonly string[], exportIt = false): void {
    const before = this.#all.get(name);
    if (before?.readOnly) throw new ShellError(`${name}: is read only`);
    this.#all.set(name, { value, exported: exportIt || (before?.exported ?? false), readOnly: false });
  }

  setElement(name: string, index: number, value: string): void {
    const next = [...(this.#all.has(name) ? this.array(name) : [])];
    next[index < 0 ? next.length + index : index] = value;
    this.set(name, next);
  }

  mark(name: string, marks: { exported?: boolean; readOnly?: boolean }): void {
    const before = this.#all.get(name);
    this.#all.set(name, {
      value: before?.value ?? '',
      exported: before?.exported ?? false,
      readOnly: before?.readOnly ?? false,
      ...marks,
    });
  }

  unset(name: string): void {
    if (this.#all.get(name)?.readOnly) throw new ShellError(`${name}: is read only`);
    this.#all.delete(name);
  }

  enterScope(): void {
    this.#scopes.push(new Map());
  }

  leaveScope(): void {
    for (const [name, before] of this.#scopes.pop() ?? []) {
      if (before) this.#all.set(name, before);
      else this.#all.delete(name);
    }
  }

  /** False outside a function. */
  makeLocal(name: string): boolean {
    const scope = this.#scopes.at(-1);
    if (!scope) return false;
    if (!scope.has(name)) scope.set(name, this.#all.get(name));
    return true;
  }

  environment(extra: ReadonlyMap<string, string>): Map<string, string> {
    const env = new Map<string, string>();
    for (const [name, { value, exported }] of this.#all) {
      if (exported) env.set(name, typeof value === 'object' ? (value[0] ?? '') : value);
    }
    for (const [name, value] of extra) env.set(name, value);
    return env;
  }
}
