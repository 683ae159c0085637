/**
 * What a feature gives and gets: plain data on offsets of the file, no editor's types. A feature is a function; allFeatures.ts
 * lists it under its method, where several may stand: their answers are put together in that order.
 */
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import type { ManifestDocument } from '#common/manifests/manifestDocument.ts';
import type { TextRange } from '#common/manifests/nodes.ts';
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import type { Diagnostic } from '../rules/rule.ts';
import type { Snapshot } from '../snapshot.ts';

type Answer<T> = T | undefined | Promise<T | undefined>;
/** `file` is never of kind `other`; `offset` is one of its text. */
export type AtOffset<T> = (snapshot: Snapshot, file: SourceFile, offset: number) => Answer<T>;
export type OfFile<T> = (snapshot: Snapshot, file: SourceFile) => Answer<T>;
export type InRange<T> = (snapshot: Snapshot, file: SourceFile, range: TextRange) => Answer<T>;

export interface Location {
  readonly uri: string;
  readonly range: TextRange;
  /** What to select of it; `range` unless given. */
  readonly selection?: TextRange;
}

export interface Hover {
  /** What the text is about; the word under the cursor unless given. */
  readonly range?: TextRange;
  readonly markdown: string;
}

export interface TextEdit {
  readonly uri: string;
  readonly range: TextRange;
  readonly text: string;
}

export interface Command {
  readonly title: string;
  readonly id: string;
  readonly arguments?: readonly unknown[];
}

export type CompletionKind = 'field' | 'value' | 'enum' | 'reference' | 'snippet' | 'file' | 'label';

export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** Beside the label, in grey. */
  readonly detail?: string;
  readonly markdown?: string;
  /** Replaced by `text`; the word at the cursor unless given. */
  readonly range?: TextRange;
  readonly text: string;
  /** `text` has tab stops (`$1`, `${2:name}`). */
  readonly snippet?: boolean;
  /** Order; the label unless given. */
  readonly sort?: string;
  /** What typing is compared with; the label unless given. */
  readonly filter?: string;
  readonly deprecated?: boolean;
  /** Completion goes on at once after it is taken. */
  readonly retrigger?: boolean;
  readonly edits?: readonly TextEdit[];
  /** The field whose documentation is shown with it; fetched when somebody looks at the item. */
  readonly about?: FieldOfKind;
}

export interface FieldOfKind {
  readonly gvk: GroupVersionKind;
  readonly path: readonly (string | number)[];
}

/** A provider that gives so many has more; the client asks again while typing goes on. */
export const completionLimit = 200;

export interface DocumentLink {
  readonly range: TextRange;
  readonly target: Location;
  readonly tooltip?: string;
}

export interface PreparedRename {
  readonly range: TextRange;
  readonly placeholder: string;
}

export interface RenameEdits {
  /** All that is linked to what is renamed. */
  readonly edits: readonly TextEdit[];
  /** What may be meant as well: made only when the person says so. */
  readonly doubtful: readonly TextEdit[];
}

export interface CodeLens {
  readonly range: TextRange;
  readonly command: Command;
  /** What it says holds for a minute: it tells how long ago something was. */
  readonly ages?: boolean;
}

export interface InlayHint {
  readonly offset: number;
  readonly label: string;
  readonly tooltip?: string;
  readonly paddingLeft?: boolean;
}

export type SymbolKind = 'object' | 'container' | 'port' | 'key' | 'file';

export interface DocumentSymbol {
  readonly name: string;
  readonly detail?: string;
  readonly kind: SymbolKind;
  readonly range: TextRange;
  readonly selection: TextRange;
  readonly children?: readonly DocumentSymbol[];
}

export interface WorkspaceSymbol {
  readonly name: string;
  readonly container?: string;
  readonly kind: SymbolKind;
  readonly location: Location;
}

export interface FoldingRange extends TextRange {
  readonly kind?: 'comment' | 'region';
}

export const tokenTypes = ['reference', 'label', 'port', 'key', 'template'] as const;
export interface SemanticToken extends TextRange {
  readonly type: (typeof tokenTypes)[number];
  readonly unresolved?: boolean;
}

export type CodeActionKind = 'quickfix' | 'refactor' | 'refactor.extract' | 'refactor.rewrite' | 'source';

export interface CodeAction {
  readonly title: string;
  readonly kind: CodeActionKind;
  readonly edits?: readonly TextEdit[];
  /** Files that must be there before the edits. */
  readonly create?: readonly string[];
  /** Files that go away afterwards. */
  readonly remove?: readonly string[];
  readonly command?: Command;
  readonly preferred?: boolean;
  /** What it takes away. */
  readonly diagnostics?: readonly Diagnostic[];
}

export interface CallItem {
  readonly name: string;
  readonly detail?: string;
  readonly location: Location;
  /** Comes back with the question for its callers; plain JSON. */
  readonly data: { readonly uri: string; readonly index: number };
}

/** `from` are the places in the caller that reach the callee. */
export interface CallEdge {
  readonly item: CallItem;
  readonly from: readonly TextRange[];
}

export type ExplainState = 'good' | 'bad' | 'waiting' | 'unknown';

/** A step of the chain of causes, with what it depends on. */
export interface ExplainStep {
  readonly title: string;
  readonly state: ExplainState;
  readonly detail?: string;
  readonly location?: Location;
  /** An object of the cluster. */
  readonly live?: { readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string };
  readonly because: readonly ExplainStep[];
}

export interface Features {
  readonly hover: readonly AtOffset<Hover>[];
  readonly completion: readonly AtOffset<readonly Completion[]>[];
  readonly definition: readonly AtOffset<readonly Location[]>[];
  /** Without the place itself. */
  readonly references: readonly AtOffset<readonly Location[]>[];
  readonly highlights: readonly AtOffset<readonly TextRange[]>[];
  readonly documentLinks: readonly OfFile<readonly DocumentLink[]>[];
  readonly prepareRename: readonly AtOffset<PreparedRename>[];
  readonly rename: readonly ((snapshot: Snapshot, file: SourceFile, offset: number, newName: string) => Answer<RenameEdits>)[];
  readonly codeLens: readonly OfFile<readonly CodeLens[]>[];
  readonly inlayHints: readonly InRange<readonly InlayHint[]>[];
  readonly documentSymbols: readonly OfFile<readonly DocumentSymbol[]>[];
  readonly workspaceSymbols: readonly ((snapshot: Snapshot, query: string) => Answer<readonly WorkspaceSymbol[]>)[];
  readonly folding: readonly OfFile<readonly FoldingRange[]>[];
  /** From the innermost range outwards. */
  readonly selectionRanges: readonly AtOffset<readonly TextRange[]>[];
  readonly semanticTokens: readonly OfFile<readonly SemanticToken[]>[];
  readonly formatting: readonly OfFile<readonly TextEdit[]>[];
  /** Besides the fixes of rules, which are offered anyway. */
  readonly codeActions: readonly InRange<readonly CodeAction[]>[];
  readonly prepareCalls: readonly AtOffset<readonly CallItem[]>[];
  readonly incomingCalls: readonly ((snapshot: Snapshot, document: ManifestDocument) => Answer<readonly CallEdge[]>)[];
  readonly outgoingCalls: readonly ((snapshot: Snapshot, document: ManifestDocument) => Answer<readonly CallEdge[]>)[];
  readonly explain: readonly AtOffset<ExplainStep>[];
}
