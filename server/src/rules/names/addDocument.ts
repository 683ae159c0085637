import type { SourceFile } from '#common/manifests/sourceFile.ts';
import type { TextEdit } from '../../features/feature.ts';

/** Another document at the end of a file, in the file's own line ends. `yaml` has no `---` and no line end at its own end. */
export function addDocument({ uri, text }: Pick<SourceFile, 'uri' | 'text'>, yaml: string): TextEdit {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lead = text === '' || text.endsWith('\n') ? '' : newline;
  const separator = /(^|\n)---\s*$/.test(text) || text.trim() === '' ? '' : `---${newline}`;
  const added = `${lead}${separator}${yaml.split('\n').join(newline)}${newline}`;
  return { uri, range: { start: text.length, end: text.length }, text: added };
}
