/** One check per feature: a fixture in, the expected answer beside it. Each throws with what differs. */
import { silentLog } from '#common/base/log.ts';
import type { TextRange } from '#common/manifests/nodes.ts';
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import { lineStartOf } from '#common/manifests/textLines.ts';
import { factsOf, type LiveFacts, noFacts } from '../facts/liveFacts.ts';
import type { AtOffset, Completion, Hover, Location, TextEdit } from '../features/feature.ts';
import { allRules } from '../rules/allRules.ts';
import type { Diagnostic, Rule } from '../rules/rule.ts';
import { RuleRunner } from '../rules/runner.ts';
import { KindRegistry } from '../schema/kindRegistry.ts';
import { SchemaIndex } from '../schema/schemaIndex.ts';
import { english, type L10n } from '../l10n.ts';
import { defaultSettings, type Settings } from '../settings.ts';
import type { Snapshot } from '../snapshot.ts';
import { WorkspaceIndex } from '../workspace/workspaceIndex.ts';
import { type Fixture, type FixtureFile, type Mark, parseFixture } from './fixture.ts';

export interface TestWorkspace {
  readonly fixture: Fixture;
  readonly index: WorkspaceIndex;
  readonly snapshot: Snapshot;
  readonly file: SourceFile;
  /** The cursor; throws when the fixture has none. */
  readonly offset: number;
  readonly range: TextRange;
}

export interface TestOptions {
  readonly settings?: Partial<Settings>;
  readonly facts?: LiveFacts;
  readonly l10n?: L10n;
}

/** A time for ages in tests: an hour into 2026. */
export const testNow = Date.UTC(2026, 0, 1, 1);

export function workspaceOf(text: string, { settings, facts, l10n = english }: TestOptions = {}): TestWorkspace {
  const fixture = parseFixture(text);
  const kinds = new KindRegistry();
  const index = new WorkspaceIndex(kinds);
  for (const file of fixture.files) index.setOpen(file.uri, file.text, 1);
  const live = facts ?? (fixture.live ? factsOf(fixture.live) : noFacts);
  kinds.define('cluster', live.definitions);
  const snapshot: Snapshot = {
    index,
    graph: index.graph,
    facts: live,
    schema: new SchemaIndex(kinds),
    settings: { ...defaultSettings, ...settings },
    l10n,
    workspaceKnown: true,
    signal: new AbortController().signal,
    now: testNow,
    throwIfStale: () => undefined,
  };
  const file = index.get(fixture.main.uri);
  if (!file) throw new Error('The fixture has no file');
  const cursor = (): TextRange => fixture.cursor ?? fail('The fixture has no cursor $0');
  return {
    fixture,
    index,
    snapshot,
    file,
    get offset() {
      return cursor().start;
    },
    get range() {
      return cursor();
    },
  };
}

function fail(message: string): never {
  throw new Error(message);
}

const throwingLog = {
  ...silentLog,
  error: (message: string, fields?: Record<string, unknown>) => fail(`${message}: ${String(fields?.['error'])}`),
};

/** What the rule (or all of them) finds in all files of the fixture, by file. */
export function diagnosticsOf(
  rule: Rule | undefined,
  text: string,
  options?: TestOptions,
): { workspace: TestWorkspace; found: Map<string, Diagnostic[]> } {
  const workspace = workspaceOf(text, options);
  const runner = new RuleRunner(rule ? [rule] : allRules, throwingLog);
  const found = new Map(workspace.snapshot.index.files().map((file) => [file.uri, runner.diagnose(workspace.snapshot, file)]));
  return { workspace, found };
}

const levels = new Set(['error', 'warning', 'information', 'hint']);

/** Every finding must be marked, and every mark found. Gives what was found. */
export function checkDiagnostics(rule: Rule | undefined, text: string, options?: TestOptions): Diagnostic[] {
  const { workspace, found } = diagnosticsOf(rule, text, options);
  const problems: string[] = [];
  for (const file of workspace.fixture.files) {
    const marks = file.marks.filter(({ kind }) => levels.has(kind));
    const left = [...(found.get(file.uri) ?? [])];
    for (const mark of marks) {
      const at = left.findIndex((diagnostic) => fits(mark, diagnostic, file));
      if (at < 0)
        problems.push(`missing at ${file.uri}:${mark.line}: ${mark.kind}: ${mark.text} (columns ${columns(file, mark)})`);
      else left.splice(at, 1);
    }
    for (const diagnostic of left) problems.push(`unexpected: ${diagnosticText(file, diagnostic)}`);
  }
  if (problems.length > 0) fail(problems.join('\n'));
  return [...found.values()].flat();
}

function fits(mark: Mark, diagnostic: Diagnostic, file: FixtureFile): boolean {
  const { range, severity, message } = diagnostic;
  if (severity !== mark.kind || range.start !== mark.start) return false;
  // Of a range over several lines only the start is marked.
  if (range.end !== mark.end && !file.text.slice(range.start, range.end).includes('\n')) return false;
  return mark.text === '' || (mark.text.endsWith('…') ? message.startsWith(mark.text.slice(0, -1)) : message === mark.text);
}

function columns({ text }: FixtureFile, { start, end }: TextRange): string {
  const lineStart = lineStartOf(text, start);
  return `${start - lineStart}–${end - lineStart}`;
}

function diagnosticText(file: FixtureFile, { range, severity, message, rule }: Diagnostic): string {
  const line = file.text.slice(0, range.start).split('\n').length;
  return `${file.uri}:${line} (columns ${columns(file, range)}): ${severity}: ${message} [${rule}]`;
}

export function applyEdits(text: string, edits: readonly { range: TextRange; text: string }[]): string {
  const ordered = [...edits].sort((a, b) => b.range.start - a.range.start || b.range.end - a.range.end);
  return ordered.reduce((result, edit) => result.slice(0, edit.range.start) + edit.text + result.slice(edit.range.end), text);
}

/** The file that an answer changes, with its edits made. */
export function edited({ snapshot, file }: TestWorkspace, edits: readonly TextEdit[], uri = file.uri): string {
  const text = snapshot.index.get(uri)?.text ?? '';
  return applyEdits(
    text,
    edits.filter((edit) => edit.uri === uri),
  );
}

/** Applies the fix of this title of any of the rule's diagnostics; `expected` is the main file after it, without marks. */
export function checkFixes(rule: Rule, text: string, title: string, expected: string, options?: TestOptions): void {
  const { workspace, found } = diagnosticsOf(rule, text, options);
  const offered: string[] = [];
  for (const [uri, diagnostics] of found) {
    const file = workspace.snapshot.index.get(uri) ?? fail(`no file ${uri}`);
    for (const diagnostic of diagnostics) {
      for (const fix of rule.fixes?.(workspace.snapshot, file, diagnostic) ?? []) {
        offered.push(fix.title);
        if (fix.title !== title) continue;
        same(edited(workspace, fix.edits ?? []), expected.replace(/^\r?\n/, ''), title);
        return;
      }
    }
  }
  fail(`No fix is called "${title}"; there are: ${offered.join(', ') || 'none'}`);
}

function same(actual: string, expected: string, what: string): void {
  if (actual.trimEnd() !== expected.trimEnd()) fail(`${what}: expected\n${expected}\ngot\n${actual}`);
}

/** `expected`: parts that the text must have; undefined when there must be no hover. Gives the text. */
export async function checkHover(
  provide: AtOffset<Hover>,
  text: string,
  expected: string | readonly string[] | undefined,
  options?: TestOptions,
): Promise<string | undefined> {
  const { snapshot, file, offset } = workspaceOf(text, options);
  const hover = await provide(snapshot, file, offset);
  if (expected === undefined) {
    if (hover) fail(`There should be no hover, but: ${hover.markdown}`);
    return undefined;
  }
  if (!hover) return fail('There is no hover');
  for (const part of typeof expected === 'string' ? [expected] : expected) {
    if (!hover.markdown.includes(part)) fail(`The hover does not say\n${part}\nbut\n${hover.markdown}`);
  }
  return hover.markdown;
}

export interface ExpectedCompletion {
  readonly includes?: readonly string[];
  readonly excludes?: readonly string[];
  /** All labels, in the order in which they are shown. */
  readonly exactly?: readonly string[];
}

export async function checkCompletion(
  provide: AtOffset<readonly Completion[]>,
  text: string,
  expected: ExpectedCompletion,
  options?: TestOptions,
): Promise<readonly Completion[]> {
  const { snapshot, file, offset } = workspaceOf(text, options);
  const items = (await provide(snapshot, file, offset)) ?? [];
  const sorted = [...items].sort((a, b) => ((a.sort ?? a.label) < (b.sort ?? b.label) ? -1 : 1));
  const labels = sorted.map(({ label }) => label);
  const shown = labels.slice(0, 40).join(', ') || 'nothing';
  if (expected.exactly && JSON.stringify(labels) !== JSON.stringify(expected.exactly))
    fail(`Expected ${expected.exactly.join(', ')}, got ${shown}`);
  for (const label of expected.includes ?? []) if (!labels.includes(label)) fail(`${label} is not offered, but ${shown}`);
  for (const label of expected.excludes ?? []) if (labels.includes(label)) fail(`${label} is offered`);
  return items;
}

/** The main file after the item of this label is taken; tab stops are left as their text. */
export async function checkCompleted(
  provide: AtOffset<readonly Completion[]>,
  text: string,
  label: string,
  expected: string,
  options?: TestOptions,
): Promise<void> {
  const workspace = workspaceOf(text, options);
  const { snapshot, file, offset } = workspace;
  const items = (await provide(snapshot, file, offset)) ?? [];
  const item = items.find((each) => each.label === label) ?? fail(`${label} is not offered`);
  const range = item.range ?? wordAt(file.text, offset);
  const plain = item.snippet ? item.text.replace(/\$\{\d+:([^}]*)\}|\$\d+|\$\{\d+\}/g, '$1') : item.text;
  const edits = [{ uri: file.uri, range, text: plain }, ...(item.edits ?? [])];
  same(edited(workspace, edits), expected.replace(/^\r?\n/, ''), label);
}

export function wordAt(text: string, offset: number): TextRange {
  let start = offset;
  while (start > 0 && /[\w./-]/.test(text[start - 1] ?? '')) start--;
  let end = offset;
  while (end < text.length && /[\w./-]/.test(text[end] ?? '')) end++;
  return { start, end };
}

/** The answer must be exactly the places marked `# ^^^ target`, in any file; with no mark, nothing. */
export async function checkDefinition(
  provide: AtOffset<readonly Location[]>,
  text: string,
  options?: TestOptions,
): Promise<void> {
  const { fixture, snapshot, file, offset } = workspaceOf(text, options);
  const locations = (await provide(snapshot, file, offset)) ?? [];
  const actual = locations.map(({ uri, range, selection }) => placeText(fixture, uri, selection ?? range)).sort();
  const expected = fixture.files
    .flatMap(({ uri, marks }) => marks.filter(({ kind }) => kind === 'target').map((each) => placeText(fixture, uri, each)))
    .sort();
  if (JSON.stringify(actual) !== JSON.stringify(expected))
    fail(`Expected\n  ${expected.join('\n  ')}\ngot\n  ${actual.join('\n  ')}`);
}

function placeText({ files }: Fixture, uri: string, range: TextRange): string {
  const file = files.find((each) => each.uri === uri);
  if (!file) return uri;
  const line = file.text.slice(0, range.start).split('\n').length;
  return `${uri}:${line} ${JSON.stringify(file.text.slice(range.start, range.end))}`;
}
