/** Hover on quantities and durations: what they amount to. */
import { parseDuration } from '#common/api/duration.ts';
import { parseQuantity, quantityMilli, quantityValue } from '#common/api/quantity.ts';
import { documentAt } from '#common/manifests/sourceFile.ts';
import type { L10n } from '../../l10n.ts';
import type { AtOffset, Hover } from '../feature.ts';

export const provideAmountHover: AtOffset<Hover> = ({ schema, l10n }, file, offset) => {
  const document = documentAt(file, offset);
  const at = document?.nodeAt(offset);
  if (!document || !at || at.onKey || at.node.kind !== 'scalar' || at.node.value === null || at.node.templated) return undefined;
  const path = document.pathOf(at.node);
  const place = schema.at(document, path);
  const text = String(at.node.value);
  const field = String(path.at(-1));
  if (place?.type.kind === 'quantity') {
    const amount = quantityText(field, text, l10n);
    return amount === undefined ? undefined : { range: at.node, markdown: amount };
  }
  if (typeof at.node.value === 'number' && /Seconds$/.test(field) && at.node.value >= 60) {
    return { range: at.node, markdown: `${l10n.t('{0} s', text)} = ${spanText(at.node.value * 1000, l10n)}` };
  }
  const duration = place?.type.kind === 'string' && /(duration|timeout|period)/i.test(field) ? parseDuration(text) : undefined;
  return duration === undefined ? undefined : { range: at.node, markdown: `${text} = ${spanText(duration, l10n)}` };
};

function quantityText(field: string, text: string, l10n: L10n): string | undefined {
  const quantity = parseQuantity(text);
  if (!quantity) return undefined;
  if (/cpu/.test(field)) {
    const milli = quantityMilli(quantity);
    const cores = milli / 1000;
    const amount = cores === 1 ? l10n.t('1 core') : l10n.t('{0} cores', cores);
    return `\`${text}\` = ${l10n.t('{0} ({1}m), {2} % of one', amount, milli, (milli / 10).toLocaleString('en'))}`;
  }
  if (!/memory|storage|hugepages|size|bytes/i.test(field)) return undefined;
  const bytes = quantityValue(quantity);
  const small = quantityMilli(quantity) < 1000 && bytes > 0;
  // A small m is a thousandth: the mistake of many a memory limit.
  if (/\dm$/.test(text))
    return `\`${text}\` = ${l10n.t('{0} bytes: `m` is a thousandth. `M` is a million, `Mi` 1024².', quantityMilli(quantity) / 1000)}`;
  const inBytes = bytes === 1 ? l10n.t('1 byte') : l10n.t('{0} bytes', bytes.toLocaleString('en'));
  return small ? undefined : `\`${text}\` = ${inBytes} = ${binaryText(bytes)} = ${decimalText(bytes)}`;
}

const scaled = (bytes: number, base: number, units: readonly string[]): string => {
  let value = bytes;
  let unit = 0;
  while (value >= base && unit < units.length - 1) {
    value /= base;
    unit++;
  }
  return `${Number(value.toFixed(2))} ${units[unit]}`;
};
const binaryText = (bytes: number): string => scaled(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']);
const decimalText = (bytes: number): string => scaled(bytes, 1000, ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']);

/** `1 h 30 min`. */
function spanText(ms: number, l10n: L10n): string {
  let left = ms;
  const parts: string[] = [];
  for (const [text, size] of units) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(l10n.t(text, count));
  }
  return parts.join(' ') || l10n.t('{0} s', 0);
}

const units = [
  ['{0} d', 86_400_000],
  ['{0} h', 3_600_000],
  ['{0} min', 60_000],
  ['{0} s', 1000],
  ['{0} ms', 1],
] as const;
