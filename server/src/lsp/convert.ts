/** The server's plain data in the protocol's types. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type CallHierarchyItem,
  type CodeAction as LspCodeAction,
  CodeActionKind,
  type Command as LspCommand,
  type CompletionItem,
  CompletionItemKind,
  type CompletionItemTag,
  type Diagnostic as LspDiagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  type DocumentSymbol as LspDocumentSymbol,
  InsertTextFormat,
  InsertTextMode,
  type Location as LspLocation,
  type LocationLink,
  type Range,
  SymbolKind as LspSymbolKind,
  type TextEdit as LspTextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import type { TextRange } from '#common/manifests/nodes.ts';
import type {
  CallItem,
  CodeAction,
  Command,
  Completion,
  DocumentSymbol,
  Location,
  RenameEdits,
  SymbolKind,
  TextEdit,
} from '../features/feature.ts';
import type { L10n } from '../l10n.ts';
import type { Diagnostic, Severity } from '../rules/rule.ts';
import type { WorkspaceIndex } from '../workspace/workspaceIndex.ts';
import type { Positions } from './positions.ts';

const severities: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

const symbolKinds: Record<SymbolKind, LspSymbolKind> = {
  object: LspSymbolKind.Object,
  container: LspSymbolKind.Module,
  port: LspSymbolKind.Interface,
  key: LspSymbolKind.Key,
  file: LspSymbolKind.File,
};

const completionKinds: Record<Completion['kind'], CompletionItemKind> = {
  field: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  enum: CompletionItemKind.EnumMember,
  reference: CompletionItemKind.Reference,
  snippet: CompletionItemKind.Snippet,
  file: CompletionItemKind.File,
  label: CompletionItemKind.Constant,
};

/** Where the rules are told of: the page that comes with the server. */
const rulesPage = pathToFileURL(path.resolve(path.dirname(process.argv[1] ?? '.'), '../docs/rules.md')).toString();

export class Convert {
  readonly #positions: Positions;
  readonly #index: WorkspaceIndex;
  /** The client asks the person about edits that need it. */
  readonly #confirms: boolean;

  constructor(positions: Positions, index: WorkspaceIndex, confirms = false) {
    this.#positions = positions;
    this.#index = index;
    this.#confirms = confirms;
  }

  range(file: SourceFile, range: TextRange): Range {
    return this.#positions.range(file, range);
  }

  #rangeIn(uri: string, range: TextRange): Range {
    const file = this.#index.get(uri);
    const start = { line: 0, character: 0 };
    return file ? this.#positions.range(file, range) : { start, end: start };
  }

  diagnostic(file: SourceFile, diagnostic: Diagnostic): LspDiagnostic {
    const { rule, severity, message, related, tags } = diagnostic;
    return {
      range: this.range(file, diagnostic.range),
      severity: severities[severity],
      code: rule,
      codeDescription: { href: `${rulesPage}#${rule}` },
      source: 'kube-playground',
      message,
      ...(related?.length
        ? {
            relatedInformation: related.map(({ object, path, message: text }) => ({
              location: this.location({ uri: object.uri, range: object.rangeFor(path) }),
              message: text,
            })),
          }
        : {}),
      ...(tags ? { tags: tags.map((tag) => (tag === 'deprecated' ? DiagnosticTag.Deprecated : DiagnosticTag.Unnecessary)) } : {}),
    };
  }

  location({ uri, range, selection }: Location): LspLocation {
    return { uri, range: this.#rangeIn(uri, selection ?? range) };
  }

  locationLink({ uri, range, selection }: Location): LocationLink {
    return {
      targetUri: uri,
      targetRange: this.#rangeIn(uri, range),
      targetSelectionRange: this.#rangeIn(uri, selection ?? range),
    };
  }

  completion(file: SourceFile, word: TextRange, item: Completion): CompletionItem {
    const { label, kind, detail, markdown, text, snippet, sort, filter, deprecated, retrigger, edits, about } = item;
    return {
      label,
      kind: completionKinds[kind],
      textEdit: { range: this.range(file, item.range ?? word), newText: text },
      insertTextFormat: snippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
      // The lines are indented already as the place asks for.
      ...(text.includes('\n') ? { insertTextMode: InsertTextMode.asIs } : {}),
      ...(about === undefined ? {} : { data: about }),
      ...(detail === undefined ? {} : { detail }),
      ...(markdown === undefined ? {} : { documentation: { kind: 'markdown', value: markdown } }),
      ...(sort === undefined ? {} : { sortText: sort }),
      ...(filter === undefined ? {} : { filterText: filter }),
      ...(deprecated ? { tags: [1 satisfies CompletionItemTag] } : {}),
      ...(retrigger ? { command: { title: '', command: 'editor.action.triggerSuggest' } } : {}),
      ...(edits?.length ? { additionalTextEdits: edits.map((edit) => this.textEdit(edit)) } : {}),
    };
  }

  textEdit({ uri, range, text }: TextEdit): LspTextEdit {
    return { range: this.#rangeIn(uri, range), newText: text };
  }

  /** Files to make come first. */
  workspaceEdit(edits: readonly (TextEdit & { annotationId?: string })[], create: readonly string[] = []): WorkspaceEdit {
    const byUri = Map.groupBy(edits, ({ uri }) => uri);
    return {
      documentChanges: [
        ...create.map((uri) => ({ kind: 'create' as const, uri, options: { ignoreIfExists: true } })),
        ...[...byUri].map(([uri, some]) => ({
          textDocument: { uri, version: this.#index.get(uri)?.version ?? null },
          edits: some.map((edit) => ({
            ...this.textEdit(edit),
            ...(edit.annotationId === undefined ? {} : { annotationId: edit.annotationId }),
          })),
        })),
      ],
    };
  }

  /**
   * What is certain is made at once, or stands ticked in the preview; what is doubtful opens the preview, and is not ticked. A
   * client that asks nobody gets what is certain only.
   */
  renameEdit({ edits, doubtful }: RenameEdits, { t }: L10n): WorkspaceEdit {
    if (!this.#confirms) return this.workspaceEdit(edits);
    const [linked, alike] = ['linked', 'alike'];
    return {
      ...this.workspaceEdit([
        ...edits.map((edit) => ({ ...edit, annotationId: linked })),
        ...doubtful.map((edit) => ({ ...edit, annotationId: alike })),
      ]),
      changeAnnotations: {
        [linked]: { label: t('Linked to what is renamed'), needsConfirmation: false },
        ...(doubtful.length > 0
          ? { [alike]: { label: t('The same label, which nothing links to it'), needsConfirmation: true } }
          : {}),
      },
    };
  }

  command({ title, id, arguments: given }: Command): LspCommand {
    return { title, command: id, ...(given ? { arguments: [...given] } : {}) };
  }

  codeAction(file: SourceFile, action: CodeAction): LspCodeAction {
    const { title, kind, edits, create, remove, command, preferred, diagnostics } = action;
    const kinds: Record<CodeAction['kind'], string> = {
      quickfix: CodeActionKind.QuickFix,
      refactor: CodeActionKind.Refactor,
      'refactor.extract': CodeActionKind.RefactorExtract,
      'refactor.rewrite': CodeActionKind.RefactorRewrite,
      source: CodeActionKind.Source,
    };
    return {
      title,
      kind: kinds[kind],
      ...(edits ? { edit: withRemoved(this.workspaceEdit(edits, create), remove) } : {}),
      ...(command ? { command: this.command(command) } : {}),
      ...(preferred ? { isPreferred: true } : {}),
      ...(diagnostics ? { diagnostics: diagnostics.map((each) => this.diagnostic(file, each)) } : {}),
    };
  }

  documentSymbol(file: SourceFile, symbol: DocumentSymbol): LspDocumentSymbol {
    const { name, detail, kind, range, selection, children } = symbol;
    return {
      name: name || '?',
      ...(detail === undefined ? {} : { detail }),
      kind: symbolKinds[kind],
      range: this.range(file, { start: Math.min(range.start, selection.start), end: Math.max(range.end, selection.end) }),
      selectionRange: this.range(file, selection),
      ...(children?.length ? { children: children.map((child) => this.documentSymbol(file, child)) } : {}),
    };
  }

  symbolKind(kind: SymbolKind): LspSymbolKind {
    return symbolKinds[kind];
  }

  callItem({ name, detail, location, data }: CallItem): CallHierarchyItem {
    const { uri, range, selection } = location;
    return {
      name,
      ...(detail === undefined ? {} : { detail }),
      kind: LspSymbolKind.Object,
      uri,
      range: this.#rangeIn(uri, range),
      selectionRange: this.#rangeIn(uri, selection ?? range),
      data,
    };
  }
}

/** Files go away after the edits that took over what was in them. */
const withRemoved = (edit: WorkspaceEdit, remove: readonly string[] = []): WorkspaceEdit => ({
  ...edit,
  documentChanges: [...(edit.documentChanges ?? []), ...remove.map((uri) => ({ kind: 'delete' as const, uri }))],
});
