/** The file sources of configMap, secret, downwardAPI, serviceAccountToken and projected volumes. */
import { ConfigMap } from '#common/kinds/configMap.ts';
import { Secret } from '#common/kinds/secret.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../../client/client.ts';
import { podField, type PodSelf, resourceField } from '../container/downwardApi.ts';
import { type MissingObject } from '../container/startProblem.ts';
import type { TokenRequest } from '../options.ts';
import type { FileSource, VolumeFile } from './objectFiles.ts';

export interface SourceContext {
  readonly cache: Cache;
  readonly now: () => number;
  /** The pod as it is at the moment of asking. */
  readonly self: () => PodSelf;
  readonly mintToken: ((request: TokenRequest) => string) | undefined;
}

/** A volume that cannot be set up. */
export interface SetUpProblem {
  readonly message: string;
  readonly missing: MissingObject;
}

interface KeyedSource {
  readonly name: string;
  readonly items: readonly api.KeyToPath[] | undefined;
  readonly optional: boolean;
  readonly mode: number | undefined;
}

const encoder = new TextEncoder();

/** The files of the keys that `items` picks, or of all keys. */
function pick(content: ReadonlyMap<string, Uint8Array>, source: KeyedSource): VolumeFile[] {
  if (!source.items?.length) return Array.from(content, ([path, bytes]) => file(path, bytes, source.mode));
  return source.items.flatMap((item) => {
    const bytes = content.get(item.key);
    return bytes ? [file(item.path, bytes, item.mode ?? source.mode)] : [];
  });
}

const file = (path: string, content: Uint8Array, mode: number | undefined): VolumeFile => ({
  path,
  content,
  ...(mode === undefined ? {} : { mode }),
});

const firstMissingKey = (keys: (key: string) => boolean, source: KeyedSource): string | undefined =>
  source.optional ? undefined : source.items?.find((item) => !keys(item.key))?.key;

export function configMapSource(ctx: SourceContext, namespace: string, source: KeyedSource): FileSource {
  const read = (): api.ConfigMap | undefined => ctx.cache.get(ConfigMap, { namespace, name: source.name });
  return {
    version: read,
    files() {
      const object = read();
      const content = new Map<string, Uint8Array>();
      for (const [key, value] of Object.entries(object?.data ?? {})) content.set(key, encoder.encode(value));
      for (const [key, value] of Object.entries(object?.binaryData ?? {})) content.set(key, Buffer.from(value, 'base64'));
      return pick(content, source);
    },
  };
}

export function configMapProblem(cache: Cache, namespace: string, source: KeyedSource): SetUpProblem | undefined {
  const missing = { kind: 'ConfigMap', namespace, name: source.name } as const;
  const object = cache.get(ConfigMap, { namespace, name: source.name });
  if (!object) return source.optional ? undefined : { message: `configmap "${source.name}" not found`, missing };
  const has = (key: string): boolean => Object.hasOwn(object.data ?? {}, key) || Object.hasOwn(object.binaryData ?? {}, key);
  const key = firstMissingKey(has, source);
  return key === undefined ? undefined : { message: `configmap references non-existent config key: ${key}`, missing };
}

export function secretSource(ctx: SourceContext, namespace: string, source: KeyedSource): FileSource {
  const read = (): api.Secret | undefined => ctx.cache.get(Secret, { namespace, name: source.name });
  return {
    version: read,
    files() {
      const content = new Map(
        Object.entries(read()?.data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64') as Uint8Array]),
      );
      return pick(content, source);
    },
  };
}

export function secretProblem(cache: Cache, namespace: string, source: KeyedSource): SetUpProblem | undefined {
  const missing = { kind: 'Secret', namespace, name: source.name } as const;
  const object = cache.get(Secret, { namespace, name: source.name });
  if (!object) return source.optional ? undefined : { message: `secret "${source.name}" not found`, missing };
  const key = firstMissingKey((name) => Object.hasOwn(object.data ?? {}, name), source);
  return key === undefined ? undefined : { message: `references non-existent secret key: ${key}`, missing };
}

export function downwardApiSource(
  ctx: SourceContext,
  items: readonly api.DownwardAPIVolumeFile[],
  mode: number | undefined,
): FileSource {
  return {
    version: () => ctx.self().pod.metadata,
    files() {
      const self = ctx.self();
      return items.map((item) => {
        const text = item.fieldRef
          ? podField(self, item.fieldRef.fieldPath)
          : item.resourceFieldRef
            ? resourceField(self, item.resourceFieldRef, item.resourceFieldRef.containerName ?? '')
            : '';
        return file(item.path, encoder.encode(text), item.mode ?? mode);
      });
    },
  };
}

/** A token is replaced after four fifths of its life, as the kubelet does it; here when somebody reads it. */
const renewAfter = 0.8;

export function tokenSource(
  ctx: SourceContext,
  projection: api.ServiceAccountTokenProjection,
  mode: number | undefined,
): FileSource {
  const seconds = projection.expirationSeconds ?? 3600;
  let mintedAt: number | undefined;
  return {
    version() {
      if (mintedAt === undefined || ctx.now() - mintedAt > seconds * 1000 * renewAfter) mintedAt = ctx.now();
      return mintedAt;
    },
    files() {
      const { pod } = ctx.self();
      const token = ctx.mintToken?.({
        namespace: pod.metadata.namespace ?? '',
        serviceAccount: pod.spec?.serviceAccountName || 'default',
        pod: { name: pod.metadata.name ?? '', uid: pod.metadata.uid ?? '' },
        node: pod.spec?.nodeName ?? '',
        audience: projection.audience ?? '',
        expirationSeconds: seconds,
      });
      return [file(projection.path, encoder.encode(token ?? ''), mode)];
    },
  };
}

export const keyedConfigMap = (
  source: api.ConfigMapVolumeSource | api.ConfigMapProjection,
  mode: number | undefined,
): KeyedSource => ({
  name: source.name ?? '',
  items: source.items,
  optional: source.optional === true,
  mode,
});

export const keyedSecret = (
  name: string,
  source: api.SecretVolumeSource | api.SecretProjection,
  mode: number | undefined,
): KeyedSource => ({
  name,
  items: source.items,
  optional: source.optional === true,
  mode,
});
