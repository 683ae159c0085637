/** The only list of the features. Answers of one method are put together in the order in which the providers stand here. */
import { provideLinkDefinition } from './definition.ts';
import { provideDocumentSymbols } from './documentSymbols.ts';
import type { Features } from './feature.ts';
import { provideFieldHover } from './fieldHover.ts';
import { provideAmountHover } from './hover/amountHover.ts';
import { provideImageHover } from './hover/imageHover.ts';
import { provideLabelHover } from './hover/labelHover.ts';
import { provideReferenceHover } from './hover/referenceHover.ts';
import { provideReplicasHover } from './hover/replicasHover.ts';
import { provideSelectorHover } from './hover/selectorHover.ts';
import { prepareCalls, provideIncomingCalls, provideOutgoingCalls } from './navigation/calls.ts';
import { provideDocumentLinks } from './navigation/documentLinks.ts';
import { provideLabelDefinition } from './navigation/labelDefinition.ts';
import { provideHighlights, provideReferences } from './navigation/references.ts';
import { prepareRename, provideRename } from './navigation/rename.ts';
import { provideWorkspaceSymbols } from './navigation/workspaceSymbols.ts';

export const allFeatures: Features = {
  hover: [
    provideSelectorHover,
    provideLabelHover,
    provideReferenceHover,
    provideReplicasHover,
    provideImageHover,
    provideAmountHover,
    provideFieldHover,
  ],
  completion: [],
  definition: [provideLinkDefinition, provideLabelDefinition],
  references: [provideReferences],
  highlights: [provideHighlights],
  documentLinks: [provideDocumentLinks],
  prepareRename: [prepareRename],
  rename: [provideRename],
  codeLens: [],
  inlayHints: [],
  documentSymbols: [provideDocumentSymbols],
  workspaceSymbols: [provideWorkspaceSymbols],
  folding: [],
  selectionRanges: [],
  semanticTokens: [],
  formatting: [],
  codeActions: [],
  prepareCalls: [prepareCalls],
  incomingCalls: [provideIncomingCalls],
  outgoingCalls: [provideOutgoingCalls],
  explain: [],
};
