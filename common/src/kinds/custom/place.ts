/** Where validation is inside of an object: once as the path of errors, once as the name that their texts have for it. */
import { FieldPath } from '#common/api/fieldPath.ts';

export interface Place {
  /** What is validated as a whole: the object itself (undefined), its status, a default in a schema. */
  readonly base: FieldPath | undefined;
  /** Undefined for the object itself. */
  readonly path: FieldPath | undefined;
  /** Relative to `base`: `spec.f`. */
  readonly name: string;
}

export const placeOf = (base: FieldPath | undefined): Place => ({ base, path: base, name: '' });

export const root: Place = placeOf(undefined);

export const fieldOf = ({ base, path, name }: Place, field: string): Place => ({
  base,
  path: path ? path.child(field) : FieldPath.of(field),
  name: name ? `${name}.${field}` : field,
});

/** An element of a list; of a list that is validated as a whole, it is named like a field. */
export const itemOf = ({ base, path, name }: Place, i: number): Place => ({
  base,
  path: name || !path ? (path ?? noPath).index(i) : path.child(`[${i}]`),
  name: `${name}[${i}]`,
});

export const pathOf = ({ path }: Place): FieldPath => path ?? FieldPath.of('');

const noPath = FieldPath.of('<nil>');

/** The path of problems that are not a field's own: that of the whole, which is none for an object. */
export const pathOfWhole = ({ base }: Place): FieldPath => base ?? noPath;
