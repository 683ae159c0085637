/** An expression as it is written, macros recognised. Places are offsets in characters (code points). */

interface At {
  /** Where a problem with this part is shown: an operator's sign, a call's bracket, a literal's first character. */
  readonly at: number;
}

export type Literal = null | boolean | bigint | number | string | Uint8Array | { readonly uint: bigint };

export interface LiteralNode extends At {
  readonly kind: 'literal';
  readonly value: Literal;
}

export interface IdentifierNode extends At {
  readonly kind: 'identifier';
  /** With a leading dot where it was written with one. */
  readonly name: string;
}

export interface SelectNode extends At {
  readonly kind: 'select';
  readonly operand: CelNode;
  readonly field: string;
  /** `has(operand.field)`: whether it is there. */
  readonly test: boolean;
  /** `operand.?field` */
  readonly optional: boolean;
}

/** Operators are calls too, by names such as `_+_`. */
export interface CallNode extends At {
  readonly kind: 'call';
  readonly name: string;
  readonly target?: CelNode;
  readonly arguments: readonly CelNode[];
}

export interface ListNode extends At {
  readonly kind: 'list';
  readonly items: readonly { readonly node: CelNode; readonly optional: boolean }[];
}

export interface MapNode extends At {
  readonly kind: 'map';
  readonly entries: readonly { readonly key: CelNode; readonly value: CelNode; readonly optional: boolean }[];
}

/** `Name{field: value}` */
export interface MessageNode extends At {
  readonly kind: 'message';
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly value: CelNode; readonly optional: boolean; readonly at: number }[];
}

export const comprehensions = [
  'all',
  'exists',
  'exists_one',
  'map',
  'filter',
  'transformList',
  'transformMap',
  'transformMapEntry',
] as const;

/** A macro that goes over a list or map: `range.macro(variables, …, result)`. */
export interface ComprehensionNode extends At {
  readonly kind: 'comprehension';
  readonly macro: (typeof comprehensions)[number];
  readonly range: CelNode;
  /** One (item or key), or two (index or key, and value). */
  readonly variables: readonly string[];
  /** Which elements `map` and `transform…` look at. */
  readonly condition?: CelNode;
  readonly result: CelNode;
}

/** `value.optMap(variable, result)`, `value.optFlatMap(…)`: the variable is what the optional holds. */
export interface BindNode extends At {
  readonly kind: 'bind';
  readonly macro: 'optMap' | 'optFlatMap';
  readonly variable: string;
  readonly value: CelNode;
  readonly result: CelNode;
}

export type CelNode =
  LiteralNode | IdentifierNode | SelectNode | CallNode | ListNode | MapNode | MessageNode | ComprehensionNode | BindNode;

/** The parts of a node. */
export function partsOf(node: CelNode): readonly CelNode[] {
  switch (node.kind) {
    case 'select':
      return [node.operand];
    case 'call':
      return [...(node.target ? [node.target] : []), ...node.arguments];
    case 'list':
      return node.items.map((item) => item.node);
    case 'map':
      return node.entries.flatMap(({ key, value }) => [key, value]);
    case 'message':
      return node.fields.map(({ value }) => value);
    case 'comprehension':
      return [node.range, ...(node.condition ? [node.condition] : []), node.result];
    case 'bind':
      return [node.value, node.result];
    default:
      return [];
  }
}
