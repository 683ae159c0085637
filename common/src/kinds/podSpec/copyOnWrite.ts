/**
 * Filling in absent fields without changing what was given: an untouched part stays the very same object, so that a pod made
 * from a stored template shares nearly everything with it. Decoded objects may be frozen and shared; nothing here writes to them.
 */

/** `target` with the absent fields of `defaults`; `target` itself when none is absent. For Go pointers: a zero value counts as given. */
export function withDefaults<T extends object>(target: T, defaults: Readonly<Partial<T>>): T {
  for (const key in defaults) {
    if (target[key] == null) return filled(target, defaults, isAbsent);
  }
  return target;
}

/** Like `withDefaults`, for fields where Go cannot tell zero from absent: `''`, `0` and `false` are filled in as well. */
export function withZeroDefaults<T extends object>(target: T, defaults: Readonly<Partial<T>>): T {
  for (const key in defaults) {
    if (!target[key]) return filled(target, defaults, isZero);
  }
  return target;
}

const isAbsent = (value: unknown): boolean => value == null;
const isZero = (value: unknown): boolean => !value;

function filled<T extends object>(target: T, defaults: Readonly<Partial<T>>, missing: (value: unknown) => boolean): T {
  const copy = { ...target };
  for (const key in defaults) {
    if (missing(copy[key])) copy[key] = defaults[key] as T[typeof key];
  }
  return copy;
}

/** The list with `change` applied to each element; the list itself when no element changed. */
export function mapShared<T>(list: T[], change: (item: T) => T): T[] {
  for (let i = 0; i < list.length; i++) {
    const changed = change(list[i] as T);
    if (changed !== list[i]) return list.map((item, j) => (j < i ? item : j === i ? changed : change(item)));
  }
  return list;
}

/** `target` with `key` replaced; `target` itself when the value is the one it has. */
export function withField<T extends object, K extends keyof T>(target: T, key: K, value: T[K]): T {
  if (target[key] === value) return target;
  const copy = { ...target };
  copy[key] = value;
  return copy;
}

/** As `withField` for several fields, with one copy at most. */
export function withFields<T extends object>(target: T, fields: Readonly<Partial<T>>): T {
  for (const key in fields) if (target[key] !== fields[key]) return { ...target, ...fields };
  return target;
}
