/** Where a decoding walk is and what it has found so far; and how its messages name a place. */
import type { Field, StructType } from '#common/api/schemaType.ts';
import type { JsonLayout } from './jsonLayout.ts';

/** Ends the walk with this reason. */
export class Abort extends Error {}

/** Where the walk is and what it has found. */
export class DecodeContext {
  /** Unknown fields are collected only when somebody will hear of them. */
  readonly strict: boolean;
  savedError: string | undefined;
  unknownFields: string[] | undefined;
  /** Field, list index or map key per level, and the structure that a field belongs to. */
  readonly steps: (Field | number | string)[] = [];
  readonly owners: (StructType | undefined)[] = [];
  depth = 0;
  /** Above zero inside values that Kubernetes decodes apart from the rest, where unknown fields go unnoticed. */
  lenient = 0;

  readonly layout: JsonLayout | undefined;

  constructor(strict: boolean, layout: JsonLayout | undefined) {
    this.strict = strict;
    this.layout = layout;
  }

  enter(step: Field | number | string, owner: StructType | undefined): void {
    this.steps[this.depth] = step;
    this.owners[this.depth] = owner;
    this.depth++;
  }

  leave(): void {
    this.depth--;
  }

  /** `json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container`. */
  mismatch(what: string, goType: string): string {
    const names: string[] = [];
    let owner = '';
    for (let i = 0; i < this.depth; i++) {
      const step = this.steps[i];
      if (typeof step !== 'object') continue;
      if (step.embedded) names.push(...step.embedded);
      names.push(step.name);
      owner = this.owners[i]?.goName.split('.').at(-1) ?? '';
    }
    const place = names.length ? `Go struct field ${owner}.${names.join('.')}` : 'Go value';
    return `json: cannot unmarshal ${what} into ${place} of type ${goType}`;
  }

  save(reason: string): undefined {
    this.savedError ??= reason;
    return undefined;
  }

  /** `spec.containers[0].image`, `metadata.labels.app`. */
  path(): string {
    let path = '';
    for (let i = 0; i < this.depth; i++) {
      const step = this.steps[i];
      if (typeof step === 'number') path += `[${step}]`;
      else path += `${path ? '.' : ''}${typeof step === 'object' ? step.name : step}`;
    }
    return path;
  }

  unknown(key: string): void {
    if (!this.strict || this.lenient > 0) return;
    const path = this.path();
    (this.unknownFields ??= []).push(path ? `${path}.${key}` : key);
  }
}

export const jsonTypeName = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
};
