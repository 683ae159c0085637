/** A container's variables: the value, or where it comes from. */
import type { DetailValue } from '#common/protocol/details.ts';
import type { DetailsTexts } from '#common/protocol/detailsTexts.ts';
import type * as api from '#common/schema/generated/types.ts';
import { code, link, text } from '../blocks.ts';

export const envRows = (env: readonly api.EnvVar[], namespace: string, t: DetailsTexts): (DetailValue | undefined)[][] =>
  env.map(({ name, value, valueFrom }) => [code(name), valueFrom ? sourceValue(valueFrom, namespace, t) : code(value)]);

function sourceValue(from: api.EnvVarSource, namespace: string, t: DetailsTexts): DetailValue | undefined {
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef, fileKeyRef } = from;
  const optional = (ref: { optional?: boolean }): string => (ref.optional ? ` (${t.optional})` : '');
  if (configMapKeyRef) {
    const shown = `ConfigMap ${configMapKeyRef.name ?? ''}: ${configMapKeyRef.key}${optional(configMapKeyRef)}`;
    return link('v1', 'ConfigMap', namespace, configMapKeyRef.name, shown);
  }
  if (secretKeyRef) {
    const shown = `Secret ${secretKeyRef.name ?? ''}: ${secretKeyRef.key}${optional(secretKeyRef)}`;
    return link('v1', 'Secret', namespace, secretKeyRef.name, shown);
  }
  if (fieldRef) return text(fieldRef.fieldPath, 'quiet');
  if (fileKeyRef) return text(`${fileKeyRef.volumeName}/${fileKeyRef.path}: ${fileKeyRef.key}`, 'quiet');
  return text([resourceFieldRef?.containerName, resourceFieldRef?.resource].filter((part) => part).join(': '), 'quiet');
}
