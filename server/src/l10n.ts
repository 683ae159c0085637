/**
 * The server's own words in the editor's language: English, or Simplified Chinese. A text is written in English where it is
 * told; the type of what can be told is the list of texts that have a Chinese one (l10n/server.l10n.zh-cn.json), so that none
 * can be left out. The API server's messages, reasons, fields and documentation stay as Kubernetes words them.
 */
import type chinese from '../../l10n/server.l10n.zh-cn.json';

export type ServerText = keyof typeof chinese;
type Part = string | number;
/** One part for each of `{0}`, `{1}` … in the text. */
type Parts<T extends string> = T extends `${string}{3}${string}`
  ? [Part, Part, Part, Part]
  : T extends `${string}{2}${string}`
    ? [Part, Part, Part]
    : T extends `${string}{1}${string}`
      ? [Part, Part]
      : T extends `${string}{0}${string}`
        ? [Part]
        : [];

export interface L10n {
  readonly language: 'en' | 'zh-cn';
  /** The text in the language, its places filled. */
  readonly t: <T extends ServerText>(text: T, ...parts: Parts<T>) => string;
  /** A text of another part of the project: in the language where the list has it, else as it is. */
  readonly told: (text: string) => string;
  /** `a, b, c`. */
  readonly list: (items: readonly Part[]) => string;
  /** `a, b`: things said of the same, without those that are empty. */
  readonly clauses: (...clauses: readonly (string | undefined | false)[]) => string;
}

const filled = (text: string, parts: readonly Part[]): string =>
  parts.length === 0 ? text : text.replace(/\{(\d)\}/g, (place, i: string) => String(parts[Number(i)] ?? place));

export const english: L10n = {
  language: 'en',
  t: (text, ...parts) => filled(text, parts),
  told: (text) => text,
  list: (items) => items.join(', '),
  clauses: (...clauses) => clauses.filter(Boolean).join(', '),
};

/** Of `InitializeParams.locale`: `zh-CN`, `zh-Hans-SG`, `zh_CN.UTF-8`. Whoever reads traditional characters gets English. */
export async function l10nOf(locale: string | undefined): Promise<L10n> {
  const tag = (locale ?? '').toLowerCase().replaceAll('_', '-').split('.', 1).join('');
  if (!/^zh(?:-(?:cn|sg|hans)(?:-.*)?)?$/.test(tag)) return english;
  const { default: texts } = await import('../../l10n/server.l10n.zh-cn.json', { with: { type: 'json' } });
  const known = new Map<string, string>(Object.entries(texts));
  const told = (text: string): string => known.get(text) ?? text;
  return {
    language: 'zh-cn',
    t: (text, ...parts) => filled(told(text), parts),
    told,
    list: (items) => items.join('、'),
    clauses: (...clauses) => clauses.filter(Boolean).join('，'),
  };
}
