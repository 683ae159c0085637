/**
 * Sets of fields, in the very shape in which managedFields store them (FieldsV1): a tree whose keys are path elements
 * and where `{}`, or a `.` beside other keys, marks a member. So nothing is encoded or decoded when a set is kept.
 * Sets are immutable; operations share whatever they leave alone, and give back the operand itself where nothing changes.
 */
import { compareElements, elementText, sortElements } from './pathElement.ts';

export interface FieldSet {
  readonly [element: string]: FieldSet;
}

type MutableSet = Record<string, FieldSet>;

/** A member without further fields; also the empty set. */
export const leaf: FieldSet = Object.freeze({});
export const emptySet = leaf;

export function isEmptySet(set: FieldSet): boolean {
  if (set === leaf) return true;
  for (const _ in set) return false;
  return true;
}

/** Whether a node below the root is a member itself. */
const isMember = (node: FieldSet): boolean => node['.'] !== undefined || isEmptySet(node);

/**
 * A node from its children, which it may take over: sorted, in the one form that a set of that content has. Undefined
 * when nothing is in it.
 */
export function nodeOf(children: MutableSet, member: boolean): FieldSet | undefined {
  const keys = Object.keys(children);
  if (keys.length === 0) return member ? leaf : undefined;
  const moved = sortElements(keys);
  if (!moved && !member) return children;
  const node: MutableSet = {};
  if (member) node['.'] = leaf;
  for (const key of keys) node[key] = children[key] ?? leaf;
  return node;
}

function unionNode(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return a;
  const member = isMember(a) || isMember(b);
  const children: MutableSet = {};
  let grown = member !== isMember(a);
  for (const key in a) if (key !== '.') children[key] = a[key] ?? leaf;
  for (const key in b) {
    if (key === '.') continue;
    const mine = children[key];
    const other = b[key] ?? leaf;
    const both = mine ? unionNode(mine, other) : other;
    if (both !== mine) {
      grown = true;
      children[key] = both;
    }
  }
  return grown ? (nodeOf(children, member) ?? leaf) : a;
}

/** What is in either set. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a)) return b;
  if (isEmptySet(b)) return a;
  const children: MutableSet = { ...a };
  let grown = false;
  for (const key in b) {
    const mine = a[key];
    const other = b[key] ?? leaf;
    const both = mine ? unionNode(mine, other) : other;
    if (both !== mine) {
      grown = true;
      children[key] = both;
    }
  }
  return grown ? (nodeOf(children, false) ?? emptySet) : a;
}

type NodeOperation = (a: FieldSet, b: FieldSet) => FieldSet | undefined;

/** Takes from `a` what `operation` takes where both sets have an element. The root itself is no member. */
function subtract(a: FieldSet, b: FieldSet, member: boolean, operation: NodeOperation): FieldSet | undefined {
  let children: MutableSet | undefined;
  for (const key in b) {
    if (key === '.') continue;
    const mine = a[key];
    if (!mine) continue;
    const left = operation(mine, b[key] ?? leaf);
    if (left === mine) continue;
    children ??= withoutMark(a);
    if (left) children[key] = left;
    else delete children[key];
  }
  if (!children) {
    if (member || a['.'] === undefined) return member || !isEmptySet(a) ? a : undefined;
    return nodeOf(withoutMark(a), false);
  }
  return nodeOf(children, member);
}

function withoutMark(node: FieldSet): MutableSet {
  const children: MutableSet = {};
  for (const key in node) if (key !== '.') children[key] = node[key] ?? leaf;
  return children;
}

const differenceNode: NodeOperation = (a, b) => {
  const member = isMember(a) && !isMember(b);
  if (isEmptySet(a)) return member ? a : undefined;
  return subtract(a, b, member, differenceNode);
};

/** What is in `a` and, exactly so, not in `b`. */
export const difference = (a: FieldSet, b: FieldSet): FieldSet => subtract(a, b, false, differenceNode) ?? emptySet;

const withoutTreeNode: NodeOperation = (a, b) => (isMember(b) ? undefined : subtract(a, b, isMember(a), withoutTreeNode));

/** What is in `a` and neither in `b` nor below a member of `b`. */
export const withoutTree = (a: FieldSet, b: FieldSet): FieldSet => subtract(a, b, false, withoutTreeNode) ?? emptySet;

function intersectNode(a: FieldSet, b: FieldSet, member: boolean): FieldSet | undefined {
  let children: MutableSet | undefined;
  for (const key in a) {
    if (key === '.') continue;
    const other = b[key];
    if (!other) continue;
    const mine = a[key] ?? leaf;
    const both = intersectNode(mine, other, isMember(mine) && isMember(other));
    if (both) (children ??= {})[key] = both;
  }
  if (!children) return member ? leaf : undefined;
  return nodeOf(children, member);
}

/** What is in both sets. */
export const intersection = (a: FieldSet, b: FieldSet): FieldSet => intersectNode(a, b, false) ?? emptySet;

/** The set with every field on the way to a member made a member too; list elements are left as they are. */
export function withFieldsOnTheWay(set: FieldSet): FieldSet {
  const children: MutableSet = {};
  for (const key in set) {
    if (key === '.') continue;
    const node = set[key] ?? leaf;
    if (isEmptySet(node)) children[key] = node;
    else children[key] = nodeOf(withoutMark(withFieldsOnTheWay(node)), key.startsWith('f:') || isMember(node)) ?? leaf;
  }
  return nodeOf(children, false) ?? emptySet;
}

/** Whether `node` (found in a set under some element) stands for a member. */
export const isMemberNode = isMember;

/** The texts of all member paths, `.spec.containers[name="c"].image`: members of a level before what lies deeper. */
export function pathTexts(set: FieldSet, prefix = ''): string[] {
  const keys = Object.keys(set)
    .filter((key) => key !== '.')
    .sort(compareElements);
  const here = keys.filter((key) => isMember(set[key] ?? leaf)).map((key) => prefix + elementText(key));
  const below = keys.flatMap((key) => pathTexts(set[key] ?? leaf, prefix + elementText(key)));
  return [...here, ...below];
}

/** A set of plain field paths: `fieldSetOfPaths(['spec', 'replicas'], ['status'])`. */
export function fieldSetOfPaths(...paths: readonly (readonly string[])[]): FieldSet {
  return paths
    .map((path) => path.reduceRight<FieldSet>((below, name) => ({ [`f:${name}`]: below }), leaf))
    .reduce(union, emptySet);
}
