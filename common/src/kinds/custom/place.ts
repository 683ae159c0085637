/** Where validation is inside of an object: once as the path of errors, once as the name that their texts have for it. */
import { FieldPath } from '#common/api/fieldPath.ts';

/** Where a value is: the path of its errors, and the name that their texts have for it (`spec.f`, relative to what is validated). */
export interface Place {
  /** Undefined for the object itself. */
  readonly path: FieldPath | undefined;
  readonly name: string;
}

export const root: Place = { path: undefined, name: '' };

export const fieldOf = ({ path, name }: Place, field: string): Place => ({
  path: path ? path.child(field) : FieldPath.of(field),
  name: name ? `${name}.${field}` : field,
});

export const itemOf = ({ path, name }: Place, i: number): Place => ({ path: pathOf({ path, name }).index(i), name: `${name}[${i}]` });

export const pathOf = ({ path }: Place): FieldPath => path ?? FieldPath.of('');

/** Problems that concern no field of their own have this instead of a path. */
export const noPath = FieldPath.of('<nil>');
