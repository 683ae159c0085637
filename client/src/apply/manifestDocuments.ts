/**
 * The Kubernetes objects of a text, each with where it stands and where each of its fields stands, for whoever applies them.
 * Broken YAML gives problems as well as the documents that can be read. Texts that hold no Kubernetes object give nothing.
 */
import type { KubeObject } from '#common/api/meta.ts';
import type { ManifestDocument as ParsedDocument } from '#common/manifests/manifestDocument.ts';
import type { TextRange } from '#common/manifests/nodes.ts';

export type { TextRange };
export type Manifest = KubeObject & { apiVersion: string; kind: string };

export interface ManifestDocument {
  readonly object: Manifest;
  /** The whole object. */
  readonly range: TextRange;
  /** The field of that path, or the nearest one around it that is there. */
  rangeOf(path: string): TextRange;
}

export interface ManifestProblem {
  /** `nameless`: metadata.name is missing; otherwise the sentence of the YAML parser. */
  readonly code: 'syntax' | 'nameless';
  readonly message: string;
  readonly range: TextRange;
}

export interface ParsedManifests {
  readonly documents: readonly ManifestDocument[];
  readonly problems: readonly ManifestProblem[];
}

export async function parseManifests(text: string): Promise<ParsedManifests> {
  const { parseSourceFile } = await import('#common/manifests/sourceFile.ts');
  const documents: ManifestDocument[] = [];
  const problems: ManifestProblem[] = [];
  // A file of another kind is none of our business, broken or not.
  const ours = /^\s*"?(apiVersion|kind)"?:/m.test(text);
  for (const parsed of parseSourceFile('', text).documents) {
    if (parsed.content.broken) {
      if (ours)
        problems.push(
          ...parsed.problems.map(({ message, start, end }) => ({ code: 'syntax' as const, message, range: { start, end } })),
        );
      continue;
    }
    // Nobody can tell what a template will be.
    if (!parsed.isManifest || parsed.content.templated || !parsed.root) continue;
    if (parsed.name === undefined) {
      problems.push({ code: 'nameless', message: '', range: parsed.rangeFor('metadata') });
      continue;
    }
    documents.push(manifestOf(parsed, parsed.root));
  }
  return { documents, problems };
}

const manifestOf = (parsed: ParsedDocument, { start, end }: TextRange): ManifestDocument => ({
  object: parsed.value as Manifest,
  range: { start, end },
  rangeOf: (path) => parsed.rangeFor(path),
});
