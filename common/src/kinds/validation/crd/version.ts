/** The schema, subresources and columns of one version of a custom resource, or of all of them. */
import { type FieldError, invalid, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { VersionParts } from './hoisting.ts';
import { validateSchema } from './schema.ts';

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

/** `schemaField` is what the place calls the schema: `schema` in a version, `validation` above. */
export function validateVersion(version: VersionParts, path: FieldPath, schemaField: 'schema' | 'validation'): FieldError[] {
  const errors: FieldError[] = [];
  const schema = version.schema?.openAPIV3Schema;
  if (schema) errors.push(...validateSchema(schema, path.child(schemaField, 'openAPIV3Schema'), version.hasStatus));
  const scale = version.subresources?.scale;
  if (scale) errors.push(...validateScale(scale, path.child('subresources', 'scale')));
  version.additionalPrinterColumns?.forEach((column, i) => {
    errors.push(...validateColumn(column, path.child('additionalPrinterColumns').index(i)));
  });
  version.selectableFields?.forEach(({ jsonPath = '' }, i) => {
    const problem = selectableProblem(jsonPath, schema);
    if (problem)
      errors.push(invalid(path.child('selectableFields').index(i).child('jsonPath'), jsonPath, `is an invalid path: ${problem}`));
  });
  return errors;
}

const simplePathProblem = (text: string): string | undefined =>
  text.startsWith('.') ? undefined : 'must be a simple json path starting with .';

function validateScale(scale: api.CustomResourceSubresourceScale, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const check = (field: keyof api.CustomResourceSubresourceScale, roots: readonly string[], where: string): void => {
    const text = scale[field] ?? '';
    const at = path.child(field);
    const simple = simplePathProblem(text);
    if (simple) errors.push(invalid(at, text, simple));
    else if (!roots.some((root) => text.startsWith(root))) errors.push(invalid(at, text, `should be a json path under ${where}`));
  };
  if (!scale.specReplicasPath) errors.push(required(path.child('specReplicasPath')));
  else check('specReplicasPath', ['.spec.'], '.spec');
  if (!scale.statusReplicasPath) errors.push(required(path.child('statusReplicasPath')));
  else check('statusReplicasPath', ['.status.'], '.status');
  if (scale.labelSelectorPath) check('labelSelectorPath', ['.spec.', '.status.'], 'either .spec or .status');
  return errors;
}

function validateColumn(column: api.CustomResourceColumnDefinition, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const { name, type, format, jsonPath } = column;
  const typeText = `must be one of ${columnTypes.join(',')}`;
  if (!name) errors.push(required(path.child('name')));
  if (!type) errors.push(required(path.child('type'), typeText));
  else if (!columnTypes.includes(type)) errors.push(invalid(path.child('type'), type, typeText));
  if (format && !columnFormats.includes(format)) {
    errors.push(invalid(path.child('format'), format, `must be one of ${columnFormats.join(',')}`));
  }
  const pathPath = path.child('JSONPath');
  const problem = jsonPath ? simplePathProblem(jsonPath) : undefined;
  if (!jsonPath) errors.push(required(pathPath));
  else if (problem) errors.push(invalid(pathPath, jsonPath, problem));
  return errors;
}

/** A selectable field is a scalar that the schema has. */
function selectableProblem(jsonPath: string, schema: api.JSONSchemaProps | undefined): string | undefined {
  if (!/^[.[]/.test(jsonPath)) return `expected [ or . but got: ${jsonPath}`;
  const steps = jsonPath.slice(1).split('.');
  let at = schema;
  for (const step of steps) at = at?.properties && Object.hasOwn(at.properties, step) ? at.properties[step] : undefined;
  return at && steps[0] !== 'metadata' ? undefined : 'does not refer to a valid field';
}
