/**
 * Formatting that keeps comments. Templates, JSON, broken YAML and files without any value are left as they are; so is a text whose values would not
 * be the same afterwards.
 */
import { isDeepStrictEqual } from 'node:util';
import { parseSourceFile, type SourceFile } from '#common/manifests/sourceFile.ts';
import { yamlService } from '../yaml/yamlService.ts';
import type { OfFile, TextEdit } from './feature.ts';

export const provideFormatting: OfFile<readonly TextEdit[]> = async (snapshot, file) => {
  const { uri, text } = file;
  if (file.documents.some(({ content }) => content.templated || content.broken) || /^\s*\{/.test(text)) return undefined;
  if (!file.documents.some(({ content }) => content.root)) return undefined;
  const service = await yamlService();
  const changes = await service.format(text);
  snapshot.throwIfStale();
  const formatted = changes.reduceRight(
    (result, { range, text: by }) => result.slice(0, range.start) + by + result.slice(range.end),
    text,
  );
  if (formatted === text || !sameValues(file, parseSourceFile(uri, formatted))) return undefined;
  return [{ uri, ...smallest(text, formatted) }];
};

const sameValues = (before: SourceFile, after: SourceFile): boolean =>
  before.documents.length === after.documents.length &&
  before.documents.every((document, i) => {
    const now = after.documents[i];
    return now !== undefined && !now.content.broken && isDeepStrictEqual(document.value, now.value);
  });

/** Without what is the same at both ends, so that the cursor and folded parts stay where they are. */
function smallest(before: string, after: string): Pick<TextEdit, 'range' | 'text'> {
  let start = 0;
  const most = Math.min(before.length, after.length);
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { range: { start, end: before.length - end }, text: after.slice(start, after.length - end) };
}
