/** Which documents may be manifests, by their language alone. */
import type { TextDocument } from 'vscode';

export const manifestLanguages = ['yaml', 'json', 'jsonc', 'helm'];

/** Any YAML may become a manifest. Most JSON is settings, of the editor itself too, and is not worth a process. */
export const mayBeManifest = (document: TextDocument): boolean =>
  manifestLanguages.includes(document.languageId) &&
  (document.uri.scheme === 'file' || document.uri.scheme === 'untitled') &&
  (!document.languageId.startsWith('json') || document.getText().includes('"apiVersion"'));
