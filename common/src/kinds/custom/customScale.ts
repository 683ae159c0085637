/** `/scale` of a custom resource: where its definition says that the counts and the selector are, and the rules for them. */
import { type FieldError, invalid } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { goTypeText, goValueText } from '#common/api/goText.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { getOwn, isJsonObject, type JsonObject, setOwn } from '#common/api/ownProperty.ts';
import type { CustomResourceSubresourceScale } from '#common/schema/generated/types.ts';
import type { ScaleSubresource } from '../defineKind.ts';

const stepsOf = (path: string): string[] => path.replace(/^\./, '').split('.');

function read(object: KubeObject, steps: readonly string[]): unknown {
  let at: unknown = object;
  for (const step of steps) at = isJsonObject(at) ? getOwn(at, step) : undefined;
  return at;
}

export function customScale(scale: CustomResourceSubresourceScale): ScaleSubresource<KubeObject> {
  const replicasPath = stepsOf(scale.specReplicasPath);
  const statusPath = stepsOf(scale.statusReplicasPath);
  const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
  return {
    replicasPath,
    specReplicas: (object) => number(read(object, replicasPath)),
    setSpecReplicas: (object, replicas) => write(object as unknown as JsonObject, replicasPath, replicas),
    statusReplicas: (object) => number(read(object, statusPath)) ?? 0,
    selectorText(object) {
      const text = scale.labelSelectorPath ? read(object, stepsOf(scale.labelSelectorPath)) : undefined;
      return typeof text === 'string' ? text : '';
    },
  };
}

function write(object: JsonObject, [first = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) return setOwn(object, first, value);
  const inner = getOwn(object, first);
  const copy = isJsonObject(inner) ? { ...inner } : {};
  setOwn(object, first, copy);
  write(copy, rest, value);
}

const largest = 2 ** 31 - 1;

export const validateSpecScale = (object: KubeObject, scale: CustomResourceSubresourceScale): FieldError[] =>
  validateCount(object, scale.specReplicasPath);

export const validateStatusScale = (object: KubeObject, scale: CustomResourceSubresourceScale): FieldError[] => [
  ...validateCount(object, scale.statusReplicasPath),
  ...validateSelector(object, scale.labelSelectorPath),
];

function validateCount(object: KubeObject, path: string): FieldError[] {
  const value = read(object, stepsOf(path));
  if (value === undefined || value === null) return [];
  const at = FieldPath.of(path);
  if (typeof value !== 'number' || !Number.isInteger(value)) return [invalid(at, 0, wrongType(path, value, 'int64'))];
  if (value < 0) return [invalid(at, value, 'should be a non-negative integer')];
  return value > largest ? [invalid(at, value, `should be less than or equal to ${largest}`)] : [];
}

function validateSelector(object: KubeObject, path: string | undefined): FieldError[] {
  const value = path ? read(object, stepsOf(path)) : undefined;
  if (!path || value === undefined || value === null || typeof value === 'string') return [];
  return [invalid(FieldPath.of(path), '', wrongType(path, value, 'string'))];
}

const wrongType = (path: string, value: unknown, expected: string): string =>
  `${path} accessor error: ${goValueText(value)} is of the type ${goTypeText(value)}, expected ${expected}`;
