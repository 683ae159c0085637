/**
 * Some messages of Kubernetes quote its internal structures, whose fields have Go's names and are never left out. A shape
 * lists them in Go's order; only the structures that messages quote have one.
 */
export interface ShapeField {
  readonly go: string;
  readonly json: string;
  /** What stands for an absent value: `null` for pointers, lists and maps, `""`, 0 or false for the others. */
  readonly empty: unknown;
  readonly shape?: Shape;
  /** How the nested structure is held; only a `value` is written when absent. */
  readonly held?: 'value' | 'pointer' | 'list';
}
export type Shape = readonly ShapeField[];

/** A field without structure of its own. The JSON name is the Go name with a small first letter unless given. */
export const plain = (go: string, empty: unknown = null, json = lowerFirst(go)): ShapeField => ({ go, json, empty });
export const nested = (go: string, held: 'value' | 'pointer' | 'list', shape: Shape, json = lowerFirst(go)): ShapeField => ({
  go,
  json,
  empty: null,
  shape,
  held,
});

const lowerFirst = (text: string): string => `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;

/** `value` as Go would print it as JSON. */
export function goStructure(shape: Shape, value: unknown): Record<string, unknown> {
  const source = (value ?? {}) as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  for (const field of shape) {
    const present = source[field.json];
    if (!field.shape) result[field.go] = present ?? field.empty;
    else if (field.held === 'list') {
      result[field.go] = Array.isArray(present) ? present.map((item) => goStructure(field.shape ?? [], item)) : null;
    } else {
      result[field.go] = present === undefined && field.held === 'pointer' ? null : goStructure(field.shape, present);
    }
  }
  return result;
}
