/** Decodes the values that are no structure, list or map: checks them and brings them into the form in which they are printed. */
import { parseQuantity, quantityProblem, roundUpToMilli } from '#common/api/quantity.ts';
import type { ScalarType } from '#common/api/schemaType.ts';
import { canonicalTime, timeProblem } from '#common/api/time.ts';
import { canonicalBase64 } from './base64Text.ts';
import { Abort, type DecodeContext, jsonTypeName } from './decodeContext.ts';
import { goTypeText } from './zeroValues.ts';

/** As `decodeValue`, for scalars. */
export function decodeScalar(ctx: DecodeContext, type: ScalarType, value: unknown): unknown {
  switch (type.kind) {
    case 'string':
      if (typeof value === 'string') return value;
      // Readers of YAML 1.1, kubectl's among them, make booleans of On and Off.
      if (typeof value === 'boolean' && type.enum?.includes('On') && type.enum.includes('Off')) return value ? 'On' : 'Off';
      return ctx.save(ctx.mismatch(jsonTypeName(value), goTypeText(type)));
    case 'boolean':
      return typeof value === 'boolean' ? value : ctx.save(ctx.mismatch(jsonTypeName(value), goTypeText(type)));
    case 'int32':
      return isInt32(value) && isWrittenAsInteger(ctx)
        ? value
        : ctx.save(ctx.mismatch(numberOrType(ctx, value), goTypeText(type)));
    case 'int64':
      if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 2 ** 63 && isWrittenAsInteger(ctx))
        return value;
      return ctx.save(ctx.mismatch(numberOrType(ctx, value), goTypeText(type)));
    case 'float':
    case 'double':
      return typeof value === 'number' ? value : ctx.save(ctx.mismatch(jsonTypeName(value), goTypeText(type)));
    case 'bytes':
      return decodeBytes(ctx, type, value);
    case 'quantity':
      return decodeQuantity(ctx, value);
    case 'time':
    case 'microTime':
      return decodeTime(ctx, type.kind, value);
    case 'intOrString':
      if (typeof value === 'string' || (isInt32(value) && isWrittenAsInteger(ctx))) return value;
      throw new Abort(ctx.mismatch(numberOrType(ctx, value), 'int32'));
    case 'duration':
      if (typeof value === 'string') return value;
      throw new Abort(ctx.mismatch(jsonTypeName(value), 'string'));
    case 'fieldsV1':
      return value;
    case 'any':
      return value;
  }
}

const isInt32 = (value: unknown): value is number => typeof value === 'number' && value === (value | 0);

/** Where an integer is wanted a number is quoted, another type is only named. */
const numberOrType = (ctx: DecodeContext, value: unknown): string =>
  typeof value === 'number' ? `number ${numberText(ctx, value)}` : jsonTypeName(value);

/** Kubernetes refuses `1.0` and `1e3` for an integer; in the parsed value they look like one. */
const isWrittenAsInteger = (ctx: DecodeContext): boolean => {
  if (!ctx.layout?.numbers.size) return true;
  const written = ctx.layout.numbers.get(ctx.path());
  return written === undefined || (/^-?\d+$/.test(written) && BigInt.asIntN(64, BigInt(written)) === BigInt(written));
};

function decodeBytes(ctx: DecodeContext, type: ScalarType, value: unknown): unknown {
  if (Array.isArray(value)) return bytesOfList(ctx, value);
  if (typeof value !== 'string') return ctx.save(ctx.mismatch(jsonTypeName(value), goTypeText(type)));
  const decoded = canonicalBase64(value);
  return typeof decoded === 'string' ? decoded : ctx.save(`illegal base64 data at input byte ${decoded.badByte}`);
}

/** Bytes may also be written as a list of numbers. */
function bytesOfList(ctx: DecodeContext, list: readonly unknown[]): string | undefined {
  let binary = '';
  for (const [i, item] of list.entries()) {
    ctx.enter(i, undefined);
    const fits = typeof item === 'number' && Number.isInteger(item) && item >= 0 && item <= 255;
    if (!fits && item !== null) ctx.save(ctx.mismatch(numberOrType(ctx, item), 'uint8'));
    binary += String.fromCharCode(fits ? item : 0);
    ctx.leave();
  }
  return btoa(binary);
}

export function decodeQuantity(ctx: DecodeContext, value: unknown, inMilli = false): string {
  // Objects and booleans are read as the text that they are in JSON, which is never a quantity.
  const text = typeof value === 'string' ? value : typeof value === 'number' ? numberText(ctx, value) : '{';
  const quantity = parseQuantity(text);
  if (!quantity) throw new Abort(quantityProblem(text));
  return inMilli ? roundUpToMilli(quantity).text : quantity.text;
}

/** The number as it was written, where that is known to differ from how JavaScript prints it. */
const numberText = (ctx: DecodeContext, value: number): string =>
  ctx.layout?.numbers.get(ctx.path()) ?? String(value).replace('e+', 'e');

/** What clients send nearly always: canonical already. Days up to 28 exist in every month. */
const plainTime = /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{6})?Z$/;
/** Kubernetes' absent time, printed as null. */
const zeroTime = /^0001-01-01T00:00:00(?:\.0+)?Z$/;

function decodeTime(ctx: DecodeContext, kind: 'time' | 'microTime', value: unknown): string | null {
  if (typeof value !== 'string') throw new Abort(ctx.mismatch(jsonTypeName(value), 'string'));
  const plain = plainTime.exec(value);
  if (plain && (plain[1] !== undefined) === (kind === 'microTime')) return value;
  const canonical = canonicalTime(value, kind);
  if (canonical === undefined) throw new Abort(timeProblem(value, kind));
  return zeroTime.test(canonical) ? null : canonical;
}
