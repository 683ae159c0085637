/** How the values of options are read; what cannot be is told before anything runs. */
import { InvalidArgumentError } from 'commander';
import { parseQuantity } from '#common/api/quantity.ts';
import { parseDuration } from '#common/api/duration.ts';

export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
    return value;
  };

/** `4`, `500m`, `8Gi` */
export function amount(text: string): string {
  const quantity = parseQuantity(text);
  if (!quantity || quantity.nano <= 0n) throw new InvalidArgumentError('Give an amount such as 4, 500m or 8Gi.');
  return text;
}

/** `a,b,c` */
export const commaList = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** `disk=ssd`, again and again. */
export function label(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Give a label as name=value.');
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}

export interface TaintValue {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** `gpu=yes:NoSchedule` or `gpu:NoExecute`, again and again. */
export function taint(text: string, before: readonly TaintValue[] = []): TaintValue[] {
  const [, key, value, effect] = /^([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/.exec(text) ?? [];
  if (key === undefined || effect === undefined)
    throw new InvalidArgumentError('Give a taint as key=value:NoSchedule, with PreferNoSchedule or NoExecute as other effects.');
  return [...before, { key, effect, ...(value === undefined ? {} : { value }) }];
}

/** `24h`, `90m`; 0 for no end. In milliseconds. */
export function duration(text: string): number {
  const ms = text === '0' ? 0 : parseDuration(text);
  if (ms === undefined || ms < 0) throw new InvalidArgumentError('Give a duration such as 90m or 24h; 0 for no end.');
  return ms;
}
