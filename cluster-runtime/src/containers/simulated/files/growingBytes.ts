/** Bytes that grow at their end without being copied each time: what a log file does. */

/** How far each buffer is filled; beyond lies room that no view has seen yet. */
const filled = new WeakMap<ArrayBufferLike, number>();

/** `before` and then `more`. Views of the earlier bytes stay as they are. */
export function appended(before: Uint8Array, more: Uint8Array): Uint8Array {
  const { buffer, byteOffset } = before;
  const end = byteOffset + before.length;
  if (filled.get(buffer) === end && end + more.length <= buffer.byteLength) {
    new Uint8Array(buffer).set(more, end);
    filled.set(buffer, end + more.length);
    return new Uint8Array(buffer, byteOffset, before.length + more.length);
  }
  const roomy = new Uint8Array(Math.max(256, 2 * (before.length + more.length)));
  roomy.set(before);
  roomy.set(more, before.length);
  filled.set(roomy.buffer, before.length + more.length);
  return roomy.subarray(0, before.length + more.length);
}
