/**
 * The references of a kind as a tree of steps, so that a document is walked once however many references its kind has, and
 * only where some can be.
 */
import type { KindDefinition, Reference } from '#common/kinds/defineKind.ts';
import { type FieldStep, parseFieldPath } from '#common/manifests/fieldSteps.ts';

export interface TrieNode {
  readonly fields: Map<string, TrieNode>;
  /** For `[]`. */
  items: TrieNode | undefined;
  /** For `{}`. */
  values: TrieNode | undefined;
  readonly references: Reference[];
}

const emptyNode = (): TrieNode => ({ fields: new Map(), items: undefined, values: undefined, references: [] });
const made = new WeakMap<readonly Reference[], TrieNode>();

export function referenceTrie({ references }: Pick<KindDefinition, 'references'>): TrieNode {
  let root = made.get(references);
  if (root) return root;
  root = emptyNode();
  for (const reference of references) {
    let at = root;
    for (const step of stepsOf(reference.path)) at = into(at, step);
    at.references.push(reference);
  }
  made.set(references, root);
  return root;
}

const stepsOf = (path: string): string[] => path.replaceAll('[]', '.[]').replaceAll('{}', '.{}').split('.');

function into(node: TrieNode, step: string): TrieNode {
  if (step === '[]') return (node.items ??= emptyNode());
  if (step === '{}') return (node.values ??= emptyNode());
  let next = node.fields.get(step);
  if (!next) node.fields.set(step, (next = emptyNode()));
  return next;
}

const parsed = new Map<string, readonly FieldStep[]>();

/** The steps of a declared path, its `[]` with the indexes that the walk went through: `spec.volumes[2].secret.secretName`. */
export function withIndexes(path: string, indexes: readonly number[]): readonly FieldStep[] {
  let steps = parsed.get(path);
  if (!steps) parsed.set(path, (steps = parseFieldPath(path.replaceAll('[]', '[0]'))));
  let next = 0;
  return steps.map((step) => (step.kind === 'index' ? { kind: 'index', index: indexes[next++] ?? 0 } : step));
}
