/**
 * What the YAML language service contributes: formatting that keeps comments, folding, the steps of growing a selection, and
 * completion by JSON schema. It is loaded when first asked for, because that takes longer than everything else at start, and
 * it never asks the network: the only schemas are those that it is handed.
 */
import type { JSONSchema } from 'yaml-language-server/out/src/languageservice/jsonSchema.js';
import type { LanguageService } from 'yaml-language-server/out/src/languageservice/yamlLanguageService.js';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextRange } from '#common/manifests/nodes.ts';

export type { JSONSchema };

export interface TextChange {
  readonly range: TextRange;
  readonly text: string;
}

export interface YamlCompletion {
  readonly label: string;
  readonly text: string;
  readonly range: TextRange | undefined;
  readonly snippet: boolean;
  readonly documentation: string | undefined;
}

export interface YamlService {
  format(text: string): Promise<TextChange[]>;
  folding(text: string): TextRange[];
  /** Per offset the ranges around it, the innermost first. */
  selectionRanges(text: string, offsets: readonly number[]): TextRange[][];
  /** What the schema allows at an offset of one document's text. `name` identifies the schema. */
  complete(text: string, offset: number, name: string, schema: JSONSchema): Promise<YamlCompletion[]>;
}

let loading: Promise<YamlService> | undefined;

export const yamlService = (): Promise<YamlService> => (loading ??= load());

async function load(): Promise<YamlService> {
  const { getLanguageService } = await import('yaml-language-server/out/src/languageservice/yamlLanguageService.js');
  const schemas = new Map<string, string>();
  const service = getLanguageService({
    // Only what was handed over is there; a `$schema` in a file leads nowhere.
    schemaRequestService: (uri) => {
      const schema = schemas.get(uri);
      return schema === undefined ? Promise.reject(new Error(`there is no schema ${uri} here`)) : Promise.resolve(schema);
    },
    workspaceContext: { resolveRelativePath: (relative) => relative },
  });
  service.configure({ validate: false, hover: false, completion: true, format: true, customTags: [], isKubernetes: false });
  return new Service(service, schemas);
}

const folder = 'kube-playground:///';
const documentOf = (text: string, name = 'file'): TextDocument => TextDocument.create(`${folder}${name}.yaml`, 'yaml', 1, text);

class Service implements YamlService {
  readonly #service: LanguageService;
  readonly #schemas: Map<string, string>;
  readonly #known = new Map<string, JSONSchema>();

  constructor(service: LanguageService, schemas: Map<string, string>) {
    this.#service = service;
    this.#schemas = schemas;
    service.registerCustomSchemaProvider((uri) => Promise.resolve(uri.replace(/\.yaml$/, '.json')));
  }

  async format(text: string): Promise<TextChange[]> {
    const document = documentOf(text);
    const edits = await this.#service.doFormat(document, {
      enable: true,
      printWidth: 130,
      proseWrap: 'preserve',
      bracketSpacing: false,
    });
    return edits.map(({ range, newText }) => ({
      range: { start: document.offsetAt(range.start), end: document.offsetAt(range.end) },
      text: newText,
    }));
  }

  folding(text: string): TextRange[] {
    const document = documentOf(text);
    const ranges = this.#service.getFoldingRanges(document, { lineFoldingOnly: true }) ?? [];
    const folds = ranges.filter(
      ({ startLine, endLine }, i) => endLine > startLine && ranges.findIndex((each) => each.startLine === startLine) === i,
    );
    return folds.map(({ startLine, endLine }) => ({
      start: document.offsetAt({ line: startLine, character: 0 }),
      end: document.offsetAt({ line: endLine + 1, character: 0 }) - (endLine + 1 < document.lineCount ? 1 : 0),
    }));
  }

  selectionRanges(text: string, offsets: readonly number[]): TextRange[][] {
    const document = documentOf(text);
    const found = this.#service.getSelectionRanges(
      document,
      offsets.map((offset) => document.positionAt(offset)),
    );
    return found.map((first) => {
      const ranges: TextRange[] = [];
      for (let at: typeof first | undefined = first; at; at = at.parent) {
        ranges.push({ start: document.offsetAt(at.range.start), end: document.offsetAt(at.range.end) });
      }
      return ranges;
    });
  }

  async complete(text: string, offset: number, name: string, schema: JSONSchema): Promise<YamlCompletion[]> {
    const safeName = encodeURIComponent(name);
    if (this.#known.get(safeName) !== schema) {
      this.#known.set(safeName, schema);
      const uri = `${folder}${safeName}.json`;
      this.#schemas.set(uri, JSON.stringify(schema));
      this.#service.resetSchema(uri);
    }
    const document = documentOf(text, safeName);
    const { items } = await this.#service.doComplete(document, document.positionAt(offset), false);
    return items.map(({ label, insertText, textEdit, insertTextFormat, documentation }) => ({
      label,
      text: textEdit?.newText ?? insertText ?? label,
      range:
        textEdit && 'range' in textEdit
          ? { start: document.offsetAt(textEdit.range.start), end: document.offsetAt(textEdit.range.end) }
          : undefined,
      snippet: insertTextFormat === 2,
      documentation: typeof documentation === 'object' ? documentation.value : documentation,
    }));
  }
}
