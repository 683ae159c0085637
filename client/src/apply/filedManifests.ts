/** Manifests with the files that they stand in, as the editor has them: saved or not. */
import type { TextDocument } from 'vscode';
import type { ManifestDocument, ParsedManifests } from './manifestDocuments.ts';

/** An object and the file that it stands in. */
export interface FiledDocument extends ManifestDocument {
  readonly file: TextDocument;
}

export interface FiledManifests {
  readonly files: readonly { readonly file: TextDocument; readonly parsed: ParsedManifests }[];
  readonly documents: readonly FiledDocument[];
}
