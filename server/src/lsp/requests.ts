/**
 * Each method of the protocol, answered by the features in the table. A feature that fails gives nothing and is told of once;
 * an answer about a text that has changed meanwhile is refused as the protocol has it.
 */
import {
  type CancellationToken,
  type Connection,
  type Hover as LspHover,
  type Position,
  type SelectionRange,
  type SemanticTokens,
} from 'vscode-languageserver/node';
import type { Log } from '#common/base/log.ts';
import { explainRequest } from '#common/protocol/languageServer.ts';
import type { TextRange } from '#common/manifests/nodes.ts';
import type { ManifestDocument } from '#common/manifests/manifestDocument.ts';
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import { describeField } from '../features/completion/describeField.ts';
import {
  type CallEdge,
  type CodeAction,
  completionLimit,
  type ExplainStep,
  type Features,
  tokenTypes,
} from '../features/feature.ts';
import { ruleById } from '../rules/allRules.ts';
import type { RuleRunner } from '../rules/runner.ts';
import type { Snapshot } from '../snapshot.ts';
import type { World } from '../world.ts';
import { Asking, signalOf } from './asking.ts';
import type { Convert } from './convert.ts';
import type { Positions } from './positions.ts';

export interface RequestDeps {
  readonly connection: Connection;
  readonly world: World;
  readonly features: Features;
  readonly runner: RuleRunner;
  readonly positions: Positions;
  readonly convert: Convert;
  readonly log: Log;
  /** Lenses were given that tell how long ago something was. */
  onAges(): void;
}

interface TextPlace {
  readonly textDocument: { readonly uri: string };
}

export class Requests {
  readonly #deps: RequestDeps;
  readonly #asking: Asking;

  constructor(deps: RequestDeps) {
    this.#deps = deps;
    this.#asking = new Asking(deps);
  }

  register(): void {
    this.#registerReading();
    this.#registerTyping();
    this.#registerLinks();
    this.#registerOutline();
    this.#registerCalls();
  }

  #registerReading(): void {
    const { connection, features, convert } = this.#deps;
    connection.onHover(({ textDocument, position }, token) =>
      this.#asking.at(textDocument, position, token, async (snapshot, file, offset) => {
        const parts = await this.#asking.ask('hover', features.hover, (provide) => provide(snapshot, file, offset), snapshot);
        if (parts.length === 0) return null;
        const range = parts.find((part) => part.range)?.range;
        const value = parts.map(({ markdown }) => markdown).join('\n\n---\n\n');
        const hover: LspHover = {
          contents: { kind: 'markdown', value },
          ...(range ? { range: convert.range(file, range) } : {}),
        };
        return hover;
      }),
    );
    connection.onRequest(explainRequest, (params: TextPlace & { position: Position }, token: CancellationToken) =>
      this.#asking.at(params.textDocument, params.position, token, async (snapshot, file, offset) => {
        const [step] = await this.#asking.ask(
          'explain',
          features.explain,
          (provide) => provide(snapshot, file, offset),
          snapshot,
        );
        return step ? this.#explanation(step) : null;
      }),
    );
    connection.onCodeLens(({ textDocument }, token) =>
      this.#asking.of(textDocument, token, [], async (snapshot, file) => {
        if (!snapshot.settings.codeLens) return [];
        const lenses = (
          await this.#asking.ask('codeLens', features.codeLens, (provide) => provide(snapshot, file), snapshot)
        ).flat();
        if (lenses.some(({ ages }) => ages)) this.#deps.onAges();
        return lenses.map(({ range, command }) => ({ range: convert.range(file, range), command: convert.command(command) }));
      }),
    );
    connection.languages.inlayHint.on(({ textDocument, range }, token) =>
      this.#asking.of(textDocument, token, [], async (snapshot, file) => {
        if (!snapshot.settings.inlayHints) return [];
        const inside = this.#deps.positions.textRange(file, range);
        const hints = (
          await this.#asking.ask('inlayHints', features.inlayHints, (provide) => provide(snapshot, file, inside), snapshot)
        ).flat();
        return hints.map(({ offset, label, tooltip, paddingLeft }) => ({
          position: this.#deps.positions.positionAt(file, offset),
          label,
          ...(tooltip === undefined ? {} : { tooltip: { kind: 'markdown' as const, value: tooltip } }),
          paddingLeft: paddingLeft ?? true,
        }));
      }),
    );
  }

  #registerTyping(): void {
    const { connection, features, convert, positions } = this.#deps;
    connection.onCompletion(({ textDocument, position }, token) =>
      this.#asking.at(textDocument, position, token, async (snapshot, file, offset) => {
        const lists = await this.#asking.ask(
          'completion',
          features.completion,
          (provide) => provide(snapshot, file, offset),
          snapshot,
        );
        const word = wordAt(file.text, offset);
        const isIncomplete = lists.some(({ length }) => length >= completionLimit);
        return { isIncomplete, items: lists.flat().map((item) => convert.completion(file, word, item)) };
      }),
    );
    connection.onCompletionResolve(async (item) => {
      const { schema, l10n } = this.#deps.world;
      const markdown = await describeField(schema, item.data, l10n);
      return markdown === undefined ? item : { ...item, documentation: { kind: 'markdown', value: markdown } };
    });
    connection.onDocumentFormatting(({ textDocument }, token) =>
      this.#asking.of(textDocument, token, [], async (snapshot, file) => {
        const edits = (
          await this.#asking.ask('formatting', features.formatting, (provide) => provide(snapshot, file), snapshot)
        ).flat();
        return edits.map((edit) => convert.textEdit(edit));
      }),
    );
    connection.onPrepareRename(({ textDocument, position }, token) =>
      this.#asking.at(textDocument, position, token, async (snapshot, file, offset) => {
        const [found] = await this.#asking.ask(
          'prepareRename',
          features.prepareRename,
          (provide) => provide(snapshot, file, offset),
          snapshot,
        );
        return found ? { range: convert.range(file, found.range), placeholder: found.placeholder } : null;
      }),
    );
    connection.onRenameRequest(({ textDocument, position, newName }, token) =>
      this.#asking.at(textDocument, position, token, async (snapshot, file, offset) => {
        const found = await this.#asking.ask(
          'rename',
          features.rename,
          (provide) => provide(snapshot, file, offset, newName),
          snapshot,
        );
        const edits = found.flatMap((each) => each.edits);
        const doubtful = found.flatMap((each) => each.doubtful);
        return edits.length > 0 ? convert.renameEdit({ edits, doubtful }, snapshot.l10n) : null;
      }),
    );
    connection.onCodeAction(({ textDocument, range, context }, token) =>
      this.#asking.of(textDocument, token, [], async (snapshot, file) => {
        const place = positions.textRange(file, range);
        const fixes = this.#fixes(snapshot, file, place);
        const others = (
          await this.#asking.ask('codeActions', features.codeActions, (provide) => provide(snapshot, file, place), snapshot)
        ).flat();
        return [...fixes, ...others]
          .filter(({ kind }) => !context.only || context.only.some((only) => kind === only || kind.startsWith(`${only}.`)))
          .map((action) => convert.codeAction(file, action));
      }),
    );
  }

  #fixes(snapshot: Snapshot, file: SourceFile, place: TextRange): CodeAction[] {
    const { runner } = this.#deps;
    return runner
      .diagnose(snapshot, file)
      .filter(({ range }) => range.start <= place.end && place.start <= range.end)
      .flatMap((diagnostic) => {
        const fixes =
          this.#asking.guard(`fixes of ${diagnostic.rule}`, () =>
            ruleById(diagnostic.rule)?.fixes?.(snapshot, file, diagnostic),
          ) ?? [];
        return fixes.map((fix): CodeAction => ({ ...fix, kind: 'quickfix', diagnostics: [diagnostic] }));
      });
  }

  #registerLinks(): void {
    const { connection, features, convert } = this.#deps;
    const locations =
      (name: 'definition' | 'references') => (place: TextPlace & { position: Position }, token: CancellationToken) =>
        this.#asking.at(place.textDocument, place.position, token, async (snapshot, file, offset) => {
          const found = (
            await this.#asking.ask(name, features[name], (provide) => provide(snapshot, file, offset), snapshot)
          ).flat();
          return found.map((location) => convert.location(location));
        });
    connection.onDefinition(locations('definition'));
    connection.onReferences(locations('references'));
    connection.onDocumentHighlight(({ textDocument, position }, token) =>
      this.#asking.at(textDocument, position, token, async (snapshot, file, offset) => {
        const found = (
          await this.#asking.ask('highlights', features.highlights, (provide) => provide(snapshot, file, offset), snapshot)
        ).flat();
        return found.map((range) => ({ range: convert.range(file, range) }));
      }),
    );
    connection.onDocumentLinks(({ textDocument }, token) =>
      this.#asking.of(textDocument, token, [], async (snapshot, file) => {
        const links = (
          await this.#asking.ask('documentLinks', features.documentLinks, (provide) => provide(snapshot, file), snapshot)
        ).flat();
        return links.map(({ range, target, tooltip }) => {
          const { uri, range: at } = convert.location(target);
          const line = at.start.line + 1;
          return {
            range: convert.range(file, range),
            target: `${uri}#L${line},${at.start.character + 1}`,
            ...(tooltip === undefined ? {} : { tooltip }),
          };
        });
      }),
    );
  }

  #registerOutline(): void {
    const { connection, features, convert, positions } = this.#deps;
    connection.onDocumentSymbol(({ textDocument }, token) =>
      this.#asking.of(textDocument, token, [], async (snapshot, file) => {
        const symbols = (
          await this.#asking.ask('documentSymbols', features.documentSymbols, (provide) => provide(snapshot, file), snapshot)
        ).flat();
        return symbols.map((symbol) => convert.documentSymbol(file, symbol));
      }),
    );
    connection.onWorkspaceSymbol(async ({ query }, token) => {
      const snapshot = this.#deps.world.snapshot(signalOf(token));
      const symbols = (
        await this.#asking.ask('workspaceSymbols', features.workspaceSymbols, (provide) => provide(snapshot, query), snapshot)
      ).flat();
      return symbols.map(({ name, container, kind, location }) => ({
        name,
        kind: convert.symbolKind(kind),
        location: convert.location(location),
        ...(container === undefined ? {} : { containerName: container }),
      }));
    });
    connection.onFoldingRanges(({ textDocument }, token) =>
      this.#asking.of(textDocument, token, [], async (snapshot, file) => {
        const ranges = (
          await this.#asking.ask('folding', features.folding, (provide) => provide(snapshot, file), snapshot)
        ).flat();
        return ranges.map(({ start, end, kind }) => ({
          startLine: positions.positionAt(file, start).line,
          endLine: positions.positionAt(file, end).line,
          ...(kind === undefined ? {} : { kind }),
        }));
      }),
    );
    connection.onSelectionRanges(({ textDocument, positions: given }, token) =>
      this.#asking.of(textDocument, token, [], async (snapshot, file) => {
        const chains: SelectionRange[] = [];
        for (const position of given) {
          const offset = positions.offsetAt(file, position);
          const [ranges = []] = await this.#asking.ask(
            'selectionRanges',
            features.selectionRanges,
            (provide) => provide(snapshot, file, offset),
            snapshot,
          );
          let chain: SelectionRange | undefined;
          for (const range of ranges.toReversed())
            chain = { range: convert.range(file, range), ...(chain ? { parent: chain } : {}) };
          chains.push(chain ?? { range: { start: position, end: position } });
        }
        return chains;
      }),
    );
    connection.languages.semanticTokens.on(({ textDocument }, token) =>
      this.#asking.of<SemanticTokens>(textDocument, token, { data: [] }, async (snapshot, file) => {
        const tokens = (
          await this.#asking.ask('semanticTokens', features.semanticTokens, (provide) => provide(snapshot, file), snapshot)
        ).flat();
        tokens.sort((a, b) => a.start - b.start);
        const data: number[] = [];
        let [line, character] = [0, 0];
        for (const { start, end, type, unresolved } of tokens) {
          const at = positions.positionAt(file, start);
          const last = positions.positionAt(file, end);
          if (at.line !== last.line) continue;
          data.push(at.line - line, at.line === line ? at.character - character : at.character, last.character - at.character);
          data.push(tokenTypes.indexOf(type), unresolved ? 1 : 0);
          [line, character] = [at.line, at.character];
        }
        return { data };
      }),
    );
  }

  #registerCalls(): void {
    const { connection, features, convert, world } = this.#deps;
    connection.languages.callHierarchy.onPrepare(({ textDocument, position }, token) =>
      this.#asking.at(textDocument, position, token, async (snapshot, file, offset) => {
        const items = (
          await this.#asking.ask('prepareCalls', features.prepareCalls, (provide) => provide(snapshot, file, offset), snapshot)
        ).flat();
        return items.length > 0 ? items.map((item) => convert.callItem(item)) : null;
      }),
    );
    const documentOf = (data: unknown): ManifestDocument | undefined => {
      const { uri, index } = (data ?? {}) as { uri?: string; index?: number };
      return uri === undefined ? undefined : world.index.get(uri)?.documents[index ?? -1];
    };
    const edges = async (
      name: 'incomingCalls' | 'outgoingCalls',
      data: unknown,
      token: CancellationToken,
    ): Promise<readonly CallEdge[]> => {
      const document = documentOf(data);
      if (!document) return [];
      const snapshot = world.snapshot(signalOf(token));
      return (await this.#asking.ask(name, features[name], (provide) => provide(snapshot, document), snapshot)).flat();
    };
    connection.languages.callHierarchy.onIncomingCalls(async ({ item }, token) =>
      (await edges('incomingCalls', item.data, token)).map((edge) => ({
        from: convert.callItem(edge.item),
        fromRanges: edge.from.map((range) => convert.location({ uri: edge.item.location.uri, range }).range),
      })),
    );
    connection.languages.callHierarchy.onOutgoingCalls(async ({ item }, token) =>
      (await edges('outgoingCalls', item.data, token)).map((edge) => ({
        to: convert.callItem(edge.item),
        fromRanges: edge.from.map((range) => convert.location({ uri: item.uri, range }).range),
      })),
    );
  }

  #explanation(step: ExplainStep): unknown {
    const { location, because, ...rest } = step;
    return {
      ...rest,
      ...(location ? { location: this.#deps.convert.location(location) } : {}),
      because: because.map((each) => this.#explanation(each)),
    };
  }
}

/** What typing replaces where an item does not say: the letters, digits and signs of names around the cursor. */
function wordAt(text: string, offset: number): TextRange {
  const before = /[\w./-]*$/.exec(text.slice(Math.max(0, offset - 200), offset))?.[0].length ?? 0;
  const after = /^[\w./-]*/.exec(text.slice(offset, offset + 200))?.[0].length ?? 0;
  return { start: offset - before, end: offset + after };
}
