/**
 * Runs the rules over files and keeps what they find. A finding is found again only when its document's text, the kinds, or
 * something that the rule asked of the graph or the cluster has changed.
 */
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import { childOf } from '#common/manifests/nodes.ts';
import type { DocumentContent, ManifestDocument } from '#common/manifests/manifestDocument.ts';
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import type { Log } from '#common/base/log.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ObjectRole } from '../workspace/manifestObject.ts';
import { KeptFindings } from './keptFindings.ts';
import { type Diagnostic, type Finding, type Rule, type RuleContext, type Severity } from './rule.ts';
import { silencesOf } from './silences.ts';

/** How long rules may run before others get a turn, in milliseconds. */
const slice = 8;

export interface Pause {
  now(): number;
  /** Resolves in a later turn of the event loop. */
  turn(): Promise<void>;
}

export class RuleRunner {
  readonly #rules: readonly Rule[];
  readonly #log: Log;
  readonly #kept = new WeakMap<DocumentContent, KeptFindings>();
  /** Rules that failed and have been told of. */
  readonly #failed = new Set<string>();

  constructor(rules: readonly Rule[], log: Log) {
    this.#rules = rules;
    this.#log = log;
  }

  /** All diagnostics of a file, at once. */
  diagnose(snapshot: Snapshot, file: SourceFile): Diagnostic[] {
    const found: Diagnostic[] = [];
    for (const step of this.#steps(snapshot, file)) found.push(...step);
    return this.#audible(snapshot, file, found);
  }

  /** The same in slices of time. Throws when the snapshot's signal ends. */
  async diagnoseInTurns(snapshot: Snapshot, file: SourceFile, pause: Pause): Promise<Diagnostic[]> {
    const found: Diagnostic[] = [];
    let since = pause.now();
    for (const step of this.#steps(snapshot, file)) {
      found.push(...step);
      if (pause.now() - since < slice) continue;
      await pause.turn();
      snapshot.throwIfStale();
      since = pause.now();
    }
    return this.#audible(snapshot, file, found);
  }

  *#steps(snapshot: Snapshot, file: SourceFile): Generator<Diagnostic[]> {
    if (file.kind === 'other') return;
    const role = snapshot.index.roleOf(file.uri);
    for (const document of file.documents) {
      const found: Diagnostic[] = [];
      const ctx: RuleContext = {
        snapshot,
        file,
        document,
        object: snapshot.graph.objectOf(document),
        gvk: document.gvk ?? noKind,
        role,
      };
      const kept = this.#keptOf(ctx);
      for (const [i, rule] of this.#rules.entries()) {
        if (!applies(rule, document, role) || (rule.needs !== 'document' && !snapshot.workspaceKnown)) continue;
        const level = snapshot.settings.rules.get(rule.id);
        if (level === 'off') continue;
        for (const finding of this.#findings(rule, i, ctx, kept)) {
          found.push({ ...finding, rule: rule.id, severity: severityOf(level, finding, rule) });
        }
      }
      yield found;
    }
  }

  #keptOf({ snapshot: { facts, schema }, document, role }: RuleContext): KeptFindings {
    let kept = this.#kept.get(document.content);
    if (!kept) this.#kept.set(document.content, (kept = new KeptFindings()));
    kept.hold(this.#rules, { kinds: schema.kinds.revision, role, facts: facts.revision, document });
    return kept;
  }

  #findings(rule: Rule, number: number, ctx: RuleContext, kept: KeptFindings): readonly Finding[] {
    const { topics } = ctx.snapshot.graph;
    const { shift } = ctx.document;
    const known = kept.get(number);
    if (known && topics.unchanged(known.read)) {
      return shift === 0 ? known.findings : known.findings.map((finding) => shifted(finding, shift));
    }
    const { result, read } = topics.noting(ctx.file.uri, () => this.#check(rule, ctx));
    // Ranges are copied in any case: they may be nodes, which would hold on to their tree.
    kept.set(number, { findings: result.map((finding) => shifted(finding, -shift)), read });
    return result;
  }

  #check(rule: Rule, ctx: RuleContext): Finding[] {
    try {
      return [...rule.check(ctx)];
    } catch (error) {
      if (!this.#failed.has(rule.id)) {
        this.#failed.add(rule.id);
        this.#log.error(`rule ${rule.id} failed`, { uri: ctx.file.uri, error: String((error as Error)?.stack ?? error) });
      }
      return [];
    }
  }

  #audible(snapshot: Snapshot, file: SourceFile, found: readonly Diagnostic[]): Diagnostic[] {
    if (found.length === 0) return [];
    const silences = silencesOf(file);
    return found
      .filter((diagnostic) => !silences.covers(diagnostic.rule, diagnostic.range.start))
      .map((diagnostic) => withPresentObjects(snapshot, diagnostic))
      .sort((a, b) => a.range.start - b.range.start);
  }
}

const noKind: GroupVersionKind = { group: '', version: '', kind: '' };

function applies({ kinds, looksAt }: Rule, document: ManifestDocument, role: ObjectRole): boolean {
  const { content, isManifest, gvk } = document;
  if (role === 'patch' && looksAt?.patches !== true) return false;
  if (!isManifest && !(looksAt?.untyped === true && isUntyped(document))) return false;
  if (kinds && !kinds.includes(gvk?.kind ?? '')) return false;
  return (!content.broken || looksAt?.broken === true) && (!content.templated || looksAt?.templates === true);
}

/** Says what it is, but one half of that is no text. */
function isUntyped({ content: { root, apiVersion, kind } }: ManifestDocument): boolean {
  const given = [childOf(root, 'apiVersion'), childOf(root, 'kind')];
  if (apiVersion === undefined && kind === undefined) return false;
  return given.every((node) => node !== undefined && !(node.kind === 'scalar' && (node.value === null || node.templated)));
}

const severityOf = (level: string | undefined, finding: Finding, rule: Rule): Severity =>
  (level as Severity | undefined) ?? finding.severity ?? rule.severity;

const shifted = (finding: Finding, by: number): Finding => ({
  ...finding,
  range: { start: finding.range.start + by, end: finding.range.end + by },
});

/** Objects that were read again since the finding was made have places of their own. */
function withPresentObjects({ index }: Snapshot, diagnostic: Diagnostic): Diagnostic {
  if (!diagnostic.related) return diagnostic;
  const related = diagnostic.related.flatMap((place) => {
    const object = index.current(place.object);
    return object ? [{ ...place, object }] : [];
  });
  return { ...diagnostic, related };
}
