/**
 * The path to a field as Kubernetes writes it: `spec.containers[0].env[2].name`, `metadata.labels[app]`.
 * Immutable and cheap: the text is put together only when somebody reads it. The steps are kept too, so that an editor
 * can find the field's place in a document.
 */
export class FieldPath {
  readonly #parent: FieldPath | undefined;
  readonly #step: string | number;
  readonly #kind: 'field' | 'index' | 'key';

  private constructor(parent: FieldPath | undefined, step: string | number, kind: 'field' | 'index' | 'key') {
    this.#parent = parent;
    this.#step = step;
    this.#kind = kind;
  }

  /** A path of fields from the object's root: `FieldPath.of('spec', 'replicas')`. */
  static of(first: string, ...more: string[]): FieldPath {
    return more.reduce((path, name) => path.child(name), new FieldPath(undefined, first, 'field'));
  }

  /** The field `name` of the struct at this path; several names go deeper. */
  child(name: string, ...more: string[]): FieldPath {
    return more.reduce((path, next) => new FieldPath(path, next, 'field'), new FieldPath(this, name, 'field'));
  }

  /** Element `i` of the list at this path. */
  index(i: number): FieldPath {
    return new FieldPath(this, i, 'index');
  }

  /** Entry `key` of the map at this path. */
  key(key: string): FieldPath {
    return new FieldPath(this, key, 'key');
  }

  /** The steps from the root, list indexes as numbers. */
  steps(): (string | number)[] {
    const steps: (string | number)[] = [];
    for (let at: FieldPath | undefined = this; at; at = at.#parent) steps.push(at.#step);
    return steps.reverse();
  }

  toString(): string {
    const step = this.#kind === 'field' ? `${this.#step}` : `[${this.#step}]`;
    if (!this.#parent) return step;
    return this.#kind === 'field' ? `${this.#parent.toString()}.${step}` : `${this.#parent.toString()}${step}`;
  }
}
