/** Makes what an action or a fix would change in a test's workspace, and sees to it that the result is valid. */
import { silentLog } from '#common/base/log.ts';
import type { CodeAction } from '../features/feature.ts';
import { invalidObject } from '../rules/invalidObject.ts';
import { RuleRunner } from '../rules/runner.ts';
import { edited, type TestWorkspace } from './check.ts';

/** Gives the main file's text. Throws when an object of any file would be refused by the API server afterwards. */
export function made(workspace: TestWorkspace, { edits = [], create = [], remove = [] }: Omit<CodeAction, 'kind'>): string {
  const { index, snapshot, file } = workspace;
  const uris = new Set([...create, ...edits.map(({ uri }) => uri)]);
  const changed = new Map([...uris].map((uri) => [uri, edited(workspace, edits, uri)]));
  for (const [uri, text] of changed) index.setOpen(uri, text, 2);
  for (const uri of remove) index.close(uri);
  const runner = new RuleRunner([invalidObject], silentLog);
  const problems = index
    .files()
    .flatMap((each) => runner.diagnose(snapshot, each).map(({ message }) => `${each.uri}: ${message}`));
  if (problems.length > 0) throw new Error(`What comes out is not valid:\n${problems.join('\n')}`);
  return index.get(file.uri)?.text ?? '';
}
