/**
 * The page of a kind that has none of its own, custom resources among them: every field by name, with the words of its
 * name apart (`hostIP` is `Host IP`).
 */
import type { UntypedObject } from '#common/api/meta.ts';
import { isJsonObject } from '#common/api/ownProperty.ts';
import { goValueText } from '#common/api/goText.ts';
import { eventLines, headLines } from './common.ts';
import { type Describer, Page } from './describer.ts';

/** Shown in their own lines, or of use to nobody. */
const hidden = new Set([
  'metadata.managedFields',
  'metadata.name',
  'metadata.namespace',
  'metadata.labels',
  'metadata.annotations',
]);

export const describeGeneric: Describer = async (ctx, object) => {
  const page = new Page();
  headLines(page, object);
  mapLines(page, 0, object, '');
  await eventLines(ctx, page, object);
  return page.toString();
};

function mapLines(page: Page, level: number, map: UntypedObject | Readonly<Record<string, unknown>>, path: string): void {
  const entries = Object.entries(map)
    .filter(([key]) => !hidden.has(path + key))
    .map(([key, value]) => ({ key, value: value as unknown, title: titleOf(key) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const { key, value, title } of entries) {
    if (isJsonObject(value)) {
      page.line(level, `${title}:`);
      mapLines(page, level + 1, value, `${path}${key}.`);
    } else if (Array.isArray(value)) {
      page.line(level, `${title}:`);
      listLines(page, level + 1, value, `${path}${key}.`);
    } else page.line(level, `${title}:\t${goValueText(value)}`);
  }
}

function listLines(page: Page, level: number, list: readonly unknown[], path: string): void {
  for (const item of list) {
    if (isJsonObject(item)) mapLines(page, level, item, path);
    else if (Array.isArray(item)) listLines(page, level + 1, item, path);
    else page.line(level, goValueText(item));
  }
}

const acronyms = new Set(['API', 'URL', 'UID', 'OSB', 'GUID']);

/** `creationTimestamp` → `Creation Timestamp`, `someURL` → `Some URL`, `uid` → `UID`; what begins with an acronym stays. */
function titleOf(name: string): string {
  if (!/^[a-z][a-zA-Z0-9]*$/i.test(name) || /^openAPI/.test(name)) return name;
  const words = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[A-Z]+|\d+/g) ?? [name];
  return words
    .map((word) => (acronyms.has(word.toUpperCase()) ? word.toUpperCase() : word.slice(0, 1).toUpperCase() + word.slice(1)))
    .join(' ');
}
