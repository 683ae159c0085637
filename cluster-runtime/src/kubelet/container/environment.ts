/**
 * A container's environment: service variables, then `envFrom`, then `env`, each over the one before, with `$(NAME)`
 * references put in. Throws StartProblem when a ConfigMap, a Secret or a key is missing.
 */
import { ConfigMap } from '#common/kinds/configMap.ts';
import { Secret } from '#common/kinds/secret.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../../client/client.ts';
import { podField, type PodSelf, resourceField } from './downwardApi.ts';
import { expandReferences } from './expansion.ts';
import type { Variables } from './serviceEnvironment.ts';
import { configProblem } from './startProblem.ts';

/** What the container's own `env` and `envFrom` say. */
export function ownEnvironment(cache: Cache, self: PodSelf, container: api.Container, services: Variables): Map<string, string> {
  const namespace = self.pod.metadata.namespace ?? '';
  const out = new Map<string, string>();
  for (const source of container.envFrom ?? []) addAll(cache, namespace, source, out);
  const valueOf = (name: string): string | undefined =>
    out.get(name) ?? (Object.hasOwn(services, name) ? services[name] : undefined);
  for (const variable of container.env ?? []) {
    const value = variable.valueFrom
      ? referencedValue(cache, self, variable.valueFrom, container.name)
      : expandReferences(variable.value ?? '', valueOf);
    if (value !== undefined) out.set(variable.name, value);
  }
  return out;
}

/** All variables; made when somebody looks, because a quiet container's environment is never read. */
export function mergedEnvironment(services: Variables, own: ReadonlyMap<string, string>): Variables {
  const out: Record<string, string> = { ...services };
  for (const [name, value] of own)
    Object.defineProperty(out, name, { value, enumerable: true, configurable: true, writable: true });
  return out;
}

function addAll(cache: Cache, namespace: string, source: api.EnvFromSource, out: Map<string, string>): void {
  const prefix = source.prefix ?? '';
  if (source.configMapRef) {
    const { name = '', optional } = source.configMapRef;
    const object = cache.get(ConfigMap, { namespace, name });
    if (!object && !optional) throw configProblem(`configmap "${name}" not found`, { kind: 'ConfigMap', namespace, name });
    for (const [key, value] of Object.entries(object?.data ?? {})) out.set(prefix + key, value);
  }
  if (source.secretRef) {
    const { name = '', optional } = source.secretRef;
    const object = cache.get(Secret, { namespace, name });
    if (!object && !optional) throw configProblem(`secret "${name}" not found`, { kind: 'Secret', namespace, name });
    for (const [key, value] of Object.entries(object?.data ?? {}))
      out.set(prefix + key, Buffer.from(value, 'base64').toString('utf8'));
  }
}

function referencedValue(cache: Cache, self: PodSelf, from: api.EnvVarSource, container: string): string | undefined {
  const namespace = self.pod.metadata.namespace ?? '';
  if (from.fieldRef) return podField(self, from.fieldRef.fieldPath);
  if (from.resourceFieldRef) return resourceField(self, from.resourceFieldRef, container);
  if (from.configMapKeyRef) {
    const { name = '', key, optional } = from.configMapKeyRef;
    const object = cache.get(ConfigMap, { namespace, name });
    if (object?.data && Object.hasOwn(object.data, key)) return object.data[key];
    if (optional) return undefined;
    const missing = { kind: 'ConfigMap', namespace, name } as const;
    throw configProblem(
      object ? `couldn't find key ${key} in ConfigMap ${namespace}/${name}` : `configmap "${name}" not found`,
      missing,
    );
  }
  if (from.secretKeyRef) {
    const { name = '', key, optional } = from.secretKeyRef;
    const object = cache.get(Secret, { namespace, name });
    if (object?.data && Object.hasOwn(object.data, key)) return Buffer.from(object.data[key] ?? '', 'base64').toString('utf8');
    if (optional) return undefined;
    const missing = { kind: 'Secret', namespace, name } as const;
    throw configProblem(
      object ? `couldn't find key ${key} in Secret ${namespace}/${name}` : `secret "${name}" not found`,
      missing,
    );
  }
  return undefined;
}
