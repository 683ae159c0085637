/** Keeps values of Secrets out of texts that show whole objects. */
import type { KubeObject } from '#common/api/meta.ts';

export function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch (error) {
    // What was written into a file by hand may be anything.
    if (error instanceof DOMException) return new TextEncoder().encode(text);
    throw error;
  }
}

const hidden = '••••••••';
const hiddenOther = '•••••••• (≠)';
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

type SecretLike = KubeObject & { data?: Record<string, string>; stringData?: Record<string, string> };

export const hidesValues = (object: KubeObject): boolean => object.kind === 'Secret' && object.apiVersion === 'v1';

/** The object with all its values covered; those that differ from `other`'s show that they do, and no more. */
export function withHiddenValues(object: KubeObject, other?: KubeObject): KubeObject {
  if (!hidesValues(object)) return object;
  const { data, stringData, ...rest } = object as SecretLike;
  const compared = other as SecretLike | undefined;
  const cover = (map: Record<string, string>, against: Record<string, string> | undefined): Record<string, string> =>
    Object.fromEntries(
      Object.entries(map).map(([key, value]) => {
        const differs = compared !== undefined && against !== undefined && Object.hasOwn(against, key) && against[key] !== value;
        return [key, differs ? hiddenOther : hidden];
      }),
    );
  const { annotations } = rest.metadata;
  const metadata =
    annotations && Object.hasOwn(annotations, lastApplied)
      ? { ...rest.metadata, annotations: { ...annotations, [lastApplied]: hidden } }
      : rest.metadata;
  return {
    ...rest,
    metadata,
    ...(data ? { data: cover(data, compared?.data) } : {}),
    ...(stringData ? { stringData: cover(stringData, compared?.stringData) } : {}),
  } as KubeObject;
}
