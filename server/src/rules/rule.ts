/**
 * What a rule is: one value in one file, listed in allRules.ts. It finds things in one document at a time; the runner knows
 * when it has to look again, silences it where people asked for that, and offers its fixes.
 */
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import type { ManifestDocument } from '#common/manifests/manifestDocument.ts';
import type { TextRange } from '#common/manifests/nodes.ts';
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import type { CodeAction } from '../features/feature.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ManifestObject, ObjectRole } from '../workspace/manifestObject.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** What a rule finds. Offsets are of the document's file. */
export interface Finding {
  readonly range: TextRange;
  /** One sentence; what is wrong and, where it helps, what would be right. */
  readonly message: string;
  /** For the rule's own fixes; plain JSON. */
  readonly data?: unknown;
  /** The rule's severity unless given. */
  readonly severity?: Severity;
  readonly related?: readonly RelatedPlace[];
  readonly tags?: readonly ('unnecessary' | 'deprecated')[];
}

/** A place that explains a finding; it moves with the object that it is in. */
export interface RelatedPlace {
  readonly object: ManifestObject;
  readonly path: string;
  readonly message: string;
}

export interface Diagnostic extends Finding {
  readonly rule: string;
  readonly severity: Severity;
}

export interface RuleContext {
  readonly snapshot: Snapshot;
  readonly file: SourceFile;
  readonly document: ManifestDocument;
  /** Undefined for a document without a name. */
  readonly object: ManifestObject | undefined;
  readonly gvk: GroupVersionKind;
  readonly role: ObjectRole;
}

export interface Rule {
  /** `selector-matches-nothing`: what settings, comments and docs/rules.md call it. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /**
   * What its answer depends on, besides the settings: only the document's text, also the workspace (what the check asks of
   * `snapshot.graph` is noted), or also the live cluster. `document` includes the definitions of kinds.
   */
  readonly needs: 'document' | 'graph' | 'facts';
  /** Why it matters and what to do, in a few sentences of Markdown. For docs/rules.md. */
  readonly docs: string;
  /** Files as for `checkDiagnostics`, each a test: `bad` with `# ^^^` lines, `good` without a finding. */
  readonly example: { readonly bad: string; readonly good: string };
  /** Kinds that it looks at; all unless given. */
  readonly kinds?: readonly string[];
  /**
   * It also looks at documents with broken YAML, with parts that a template fills in, or whose apiVersion or kind is no text
   * (`gvk` is empty then), or at a kustomization's patches, which are parts of objects. None of them unless said.
   */
  readonly looksAt?: {
    readonly broken?: boolean;
    readonly templates?: boolean;
    readonly untyped?: boolean;
    readonly patches?: boolean;
  };
  /** Synchronous, so that what it asks of the graph can be noted. */
  check(ctx: RuleContext): Iterable<Finding>;
  /** Edits that take a diagnostic of this rule away; the best first. */
  fixes?(snapshot: Snapshot, file: SourceFile, diagnostic: Diagnostic): readonly Omit<CodeAction, 'kind' | 'diagnostics'>[];
}

export const defineRule = (rule: Rule): Rule => rule;
