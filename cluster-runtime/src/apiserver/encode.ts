/**
 * Objects and lists as bytes. A stored revision already has its JSON, so an object is sent as it lies there and a list
 * is put together by copying; nothing is parsed or encoded again.
 */
import type { KubeObject } from '#common/api/meta.ts';
import { apiVersionOf } from '#common/api/groupVersion.ts';
import { unexpected } from '#common/base/unexpected.ts';
import type { Exchange } from './http/exchange.ts';
import type { MediaType } from './negotiation.ts';
import type { ListAnswer, ObjectResult, Resource } from './registry/registry.ts';

export const objectBytes = (result: ObjectResult): Buffer => result.entry?.bytes() ?? Buffer.from(JSON.stringify(result.object));

/** Sends one object's JSON in the form that was asked for. */
export function sendObjectBytes(exchange: Exchange, status: number, bytes: Buffer, mediaType: MediaType, pretty: boolean): void {
  if (mediaType === 'application/yaml' || pretty || exchange.pretty) {
    const value: unknown = JSON.parse(bytes.toString());
    if (mediaType === 'application/yaml') exchange.sendJson(status, value, mediaType);
    else exchange.sendBytes(status, mediaType, Buffer.from(JSON.stringify(value, null, 2)));
    return;
  }
  exchange.sendBytes(status, mediaType, bytes);
}

/** The metadata of a list, in the order Kubernetes writes it. Lists of custom resources always say `continue`. */
export function listMetadata(answer: ListAnswer, custom: boolean): Record<string, unknown> {
  return {
    resourceVersion: answer.resourceVersion,
    ...(answer.continue || custom ? { continue: answer.continue ?? '' } : {}),
    ...(answer.remainingItemCount === undefined ? {} : { remainingItemCount: answer.remainingItemCount }),
  };
}

const comma = 44;
const openBrace = 123;
const quote = 34;

/**
 * How many bytes of an item to skip so that `apiVersion` and `kind` are left out, as in lists of built-in kinds. The
 * two are the same for all items of a resource, so their place alone decides. 0 when they do not come first.
 */
function typeMetaLength(bytes: Buffer, apiVersion: string, kind: string): number {
  // {"apiVersion":"…","kind":"…",  or the other way round; both are 27 characters and the two values.
  const length = 27 + apiVersion.length + kind.length;
  if (bytes.length <= length || bytes[length - 1] !== comma || bytes[length] !== quote) return 0;
  const second = bytes[3];
  if (bytes[2] === 97 && second === 112) return bytes[18 + apiVersion.length] === 107 ? length : 0;
  if (bytes[2] === 107 && second === 105) return bytes[12 + kind.length] === 97 ? length : 0;
  return 0;
}

function withoutTypeMeta(object: KubeObject): Buffer {
  const { apiVersion: _apiVersion, kind: _kind, ...rest } = object;
  return Buffer.from(JSON.stringify(rest));
}

/** The JSON of a list. One buffer is allocated, and every item is copied into it once. */
export function listBytes(resource: Resource, answer: ListAnswer): Buffer {
  const apiVersion = apiVersionOf(resource.kind);
  const kind = resource.kind.kind;
  const custom = resource.custom !== undefined;
  const head = Buffer.from(
    `${JSON.stringify({ kind: resource.listKind, apiVersion, metadata: listMetadata(answer, custom) }).slice(0, -1)},"items":[`,
  );
  const count = answer.items.length;
  const pieces = new Array<Buffer>(count);
  const skips = new Uint32Array(count);
  let size = head.length + 3 + count;
  for (let i = 0; i < count; i++) {
    const item = answer.items[i] ?? unexpected('a hole in a list');
    let bytes = objectBytes(item);
    if (!custom) {
      const skip = typeMetaLength(bytes, apiVersion, kind);
      if (skip === 0) bytes = withoutTypeMeta(item.object);
      skips[i] = skip;
    }
    pieces[i] = bytes;
    size += bytes.length;
  }
  const out = Buffer.allocUnsafe(size);
  let at = head.copy(out, 0);
  for (let i = 0; i < count; i++) {
    const bytes = pieces[i] ?? unexpected('a hole in a list');
    const skip = skips[i] ?? 0;
    if (i > 0) out[at++] = comma;
    if (skip > 0) {
      out[at++] = openBrace;
      at += bytes.copy(out, at, skip);
    } else at += bytes.copy(out, at);
  }
  out[at++] = 93; // ]
  out[at++] = 125; // }
  out[at++] = 10;
  return out.subarray(0, at);
}
