/** The steps of growing a selection: the value, its field, the structure around it, up to the document. */
import { documentAt } from '#common/manifests/sourceFile.ts';
import { containerOf, type ManifestNode, type TextRange } from '#common/manifests/nodes.ts';
import type { AtOffset } from './feature.ts';

export const provideSelectionRanges: AtOffset<readonly TextRange[]> = (_snapshot, file, offset) => {
  const document = documentAt(file, offset);
  const at = document?.nodeAt(offset);
  const ranges: TextRange[] = [];
  const add = (start: number, end: number): void => {
    const last = ranges.at(-1);
    if (end <= start || offset < start || offset > end) return;
    if (last && (start > last.start || end < last.end || (start === last.start && end === last.end))) return;
    ranges.push({ start, end });
  };
  if (at?.onKey && at.node.parent?.kind === 'pair') add(at.node.parent.key.start, at.node.parent.key.end);
  for (let node: ManifestNode | undefined = at?.node; node; node = containerOf(node)) {
    const { start, end, parent } = node;
    if (node.kind === 'scalar' && (node.style === 'single' || node.style === 'double')) add(start + 1, end - 1);
    // A container's range may begin in the middle of a line of dashes; that is where its first field is.
    add(start, trimmed(file.text, start, end));
    if (parent?.kind === 'pair' && !parent.merged)
      add(parent.key.start, Math.max(parent.key.end, trimmed(file.text, start, end)));
  }
  if (document) add(document.start, document.end);
  add(0, file.text.length);
  return ranges;
};

function trimmed(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && /\s/.test(text[at - 1] ?? '')) at--;
  return at;
}
