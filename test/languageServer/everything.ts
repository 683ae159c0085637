/** Asks a server's state everything that an editor could ask about a file, and keeps what went wrong. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { silentLog } from '#common/base/log.ts';
import { documentAt, parseSourceFile, type SourceFile } from '#common/manifests/sourceFile.ts';
import { allFeatures } from '../../server/src/features/allFeatures.ts';
import { Refusal } from '../../server/src/features/refusal.ts';
import { allRules, ruleById } from '../../server/src/rules/allRules.ts';
import { RuleRunner } from '../../server/src/rules/runner.ts';
import { World } from '../../server/src/world.ts';
import { projectFolder } from '../support/testCluster.ts';
import { Watchdog } from '../support/watchdog.ts';

/** Of processor time, so that a busy machine fails nobody. */
const longestMs = 1_000;
const watchdog = new Watchdog(60);

export class Everything {
  readonly world = new World(() => Date.UTC(2026, 0, 1));
  readonly failures: string[] = [];
  readonly #runner: RuleRunner;
  #signal = new AbortController().signal;

  constructor() {
    const error = (message: string, fields?: object): number => this.failures.push(`${message} ${JSON.stringify(fields)}`);
    this.#runner = new RuleRunner(allRules, { ...silentLog, error });
  }

  /** Loads what is loaded when it is first needed, so that nothing is held up by it later. */
  async warm(): Promise<void> {
    await this.askAbout(this.edit('file:///warm.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n', 1));
    this.world.index.close('file:///warm.yaml');
    this.failures.length = 0;
  }

  /** What stands around the file, so that its links lead somewhere. */
  addWorkspace(): void {
    for (const file of manifestFiles()) this.world.index.setOnDisk(pathToFileURL(file).href, readFileSync(file, 'utf8'));
  }

  /** The file as it is now, its rules, and that reading only what changed gave what reading all gives. */
  edit(uri: string, text: string, version: number): SourceFile {
    watchdog.busyWith(text);
    return this.#timed(`edit of ${JSON.stringify(text.slice(-80))}`, () => {
      const file = this.world.index.setOpen(uri, text, version);
      const whole = parseSourceFile(uri, text, version);
      const [a, b] = [file, whole].map((each) => JSON.stringify(shapeOf(each)));
      if (a !== b) this.failures.push(`read in parts ${JSON.stringify(text)} is ${a}, and as a whole ${b}`);
      for (const { range, rule } of this.#runner.diagnose(this.#snapshot(), file))
        if (!(range.start >= 0 && range.start <= range.end && range.end <= text.length))
          this.failures.push(`${rule} underlines ${range.start}-${range.end} of ${text.length} characters`);
      return file;
    });
  }

  /** Every feature that is about a place. */
  async askAt(file: SourceFile, offset: number): Promise<void> {
    const snapshot = this.#snapshot();
    const { hover, completion, definition, references, highlights, prepareRename, selectionRanges, prepareCalls, explain } =
      allFeatures;
    const atOffset = {
      hover,
      completion,
      definition,
      references,
      highlights,
      prepareRename,
      selectionRanges,
      prepareCalls,
      explain,
    };
    for (const [name, providers] of Object.entries(atOffset))
      for (const provide of providers) await this.#asked(name, file, offset, () => provide(snapshot, file, offset));
    for (const provide of allFeatures.rename)
      await this.#asked('rename', file, offset, () => provide(snapshot, file, offset, 'other'));
    const place = { start: offset, end: Math.min(file.text.length, offset + 20) };
    const { codeActions, inlayHints, incomingCalls, outgoingCalls } = allFeatures;
    for (const [name, providers] of Object.entries({ codeActions, inlayHints }))
      for (const provide of providers) await this.#asked(name, file, offset, () => provide(snapshot, file, place));
    const document = documentAt(file, offset);
    if (!document) return;
    for (const [name, providers] of Object.entries({ incomingCalls, outgoingCalls }))
      for (const provide of providers) await this.#asked(name, file, offset, () => provide(snapshot, document));
  }

  /** Every feature that is about a file, and the fixes of all that is wrong in it. */
  async askAbout(file: SourceFile): Promise<void> {
    const snapshot = this.#snapshot();
    const { documentLinks, codeLens, documentSymbols, folding, semanticTokens, formatting } = allFeatures;
    for (const [name, providers] of Object.entries({
      documentLinks,
      codeLens,
      documentSymbols,
      folding,
      semanticTokens,
      formatting,
    }))
      for (const provide of providers) await this.#asked(name, file, 0, () => provide(snapshot, file));
    for (const provide of allFeatures.workspaceSymbols)
      await this.#asked('symbols', file, 0, () => provide(snapshot, file.text.slice(0, 9)));
    for (const diagnostic of this.#runner.diagnose(snapshot, file))
      await this.#asked(`fixes of ${diagnostic.rule}`, file, 0, () =>
        ruleById(diagnostic.rule)?.fixes?.(snapshot, file, diagnostic),
      );
  }

  #snapshot() {
    return this.world.snapshot(this.#signal);
  }

  async #asked(name: string, file: SourceFile, offset: number, fn: () => unknown): Promise<void> {
    if (file.kind === 'other') return;
    watchdog.busyWith(`${name} at ${offset} of ${file.text}`);
    const used = process.cpuUsage();
    try {
      await fn();
    } catch (error) {
      if (!(error instanceof Refusal))
        this.failures.push(`${name} at ${offset} of ${JSON.stringify(file.text)}: ${String((error as Error).stack)}`);
    }
    this.#note(name, used);
  }

  #timed<T>(name: string, fn: () => T): T {
    const used = process.cpuUsage();
    const result = fn();
    this.#note(name, used);
    return result;
  }

  #note(name: string, before: NodeJS.CpuUsage): void {
    const { user, system } = process.cpuUsage(before);
    const ms = (user + system) / 1e3;
    if (ms > longestMs) this.failures.push(`${name} took ${ms} ms`);
  }
}

/** What two readings of the same text must have in common. */
const shapeOf = ({ kind, documents, text }: SourceFile): unknown => [
  kind,
  documents.map(({ start, end, gvk, name, namespace, problems, value, root, content: { broken, templated, inList } }) => {
    const rest = { from: root?.start, to: root?.end, broken, templated, inList };
    // Aliases of aliases are small only as long as nobody writes them out.
    return {
      start,
      end,
      gvk,
      name,
      namespace,
      problems,
      ...rest,
      value: text.includes('*') || text.length > 20_000 ? undefined : value,
    };
  }),
];

/** The manifests that people wrote, the largest first. */
export function manifestFiles(): string[] {
  const files = ['examples', 'test/fixtures/everyday'].flatMap((folder) =>
    readdirSync(path.join(projectFolder, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ya?ml|json)$/.test(name))
      .map((name) => path.join(projectFolder, folder, name)),
  );
  const size = new Map(files.map((file) => [file, readFileSync(file).length]));
  return files.sort((a, b) => (size.get(b) ?? 0) - (size.get(a) ?? 0));
}
