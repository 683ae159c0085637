/** The only list of the features. Answers of one method are put together in the order in which the providers stand here. */
import { provideAddProbes } from './actions/addProbes.ts';
import { provideAddResources } from './actions/addResources.ts';
import { provideAddService } from './actions/addService.ts';
import { provideConvertSecretData } from './actions/convertSecretData.ts';
import { provideExtractEnvironment } from './actions/extractEnvironment.ts';
import { provideJoinFiles } from './actions/joinFiles.ts';
import { provideSplitFile } from './actions/splitFile.ts';
import { provideDataKeyCompletion } from './completion/dataKeys.ts';
import { provideFieldCompletion } from './completion/fields.ts';
import { provideImageCompletion } from './completion/images.ts';
import { provideMetadataKeyCompletion } from './completion/metadataKeys.ts';
import { provideNameCompletion } from './completion/names.ts';
import { provideNamespaceCompletion } from './completion/namespaces.ts';
import { provideNodeLabelCompletion } from './completion/nodeLabels.ts';
import { provideObjectReferenceCompletion } from './completion/objectReferences.ts';
import { provideObjectSnippets } from './completion/objectSnippets.ts';
import { providePartSnippets } from './completion/partSnippets.ts';
import { providePortCompletion } from './completion/ports.ts';
import { provideQuantityCompletion } from './completion/quantities.ts';
import { provideRoleRuleCompletion } from './completion/roleRules.ts';
import { provideSelectorLabelCompletion } from './completion/selectorLabels.ts';
import { provideTemplateLabelCompletion } from './completion/templateLabels.ts';
import { provideTypeMetaCompletion } from './completion/typeMeta.ts';
import { provideValueCompletion } from './completion/values.ts';
import { provideLocalNameCompletion } from './completion/volumeNames.ts';
import { provideLinkDefinition } from './definition.ts';
import { provideDocumentSymbols } from './documentSymbols.ts';
import { provideExplanation } from './explain/explain.ts';
import type { Features } from './feature.ts';
import { provideFieldHover } from './fieldHover.ts';
import { provideFolding } from './folding.ts';
import { provideFormatting } from './formatting.ts';
import { provideAmountHover } from './hover/amountHover.ts';
import { provideImageHover } from './hover/imageHover.ts';
import { provideLabelHover } from './hover/labelHover.ts';
import { provideReferenceHover } from './hover/referenceHover.ts';
import { provideReplicasHover } from './hover/replicasHover.ts';
import { provideSelectorHover } from './hover/selectorHover.ts';
import { provideDefaultHints } from './inlayHints/defaultHints.ts';
import { provideObjectLenses } from './lenses/objectLenses.ts';
import { prepareCalls, provideIncomingCalls, provideOutgoingCalls } from './navigation/calls.ts';
import { provideDocumentLinks } from './navigation/documentLinks.ts';
import { provideLabelDefinition } from './navigation/labelDefinition.ts';
import { provideHighlights, provideReferences } from './navigation/references.ts';
import { prepareRename, provideRename } from './navigation/rename.ts';
import { provideWorkspaceSymbols } from './navigation/workspaceSymbols.ts';
import { provideSelectionRanges } from './selectionRanges.ts';
import { provideSemanticTokens } from './semanticTokens.ts';

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
  completion: [
    provideFieldCompletion,
    provideValueCompletion,
    provideTypeMetaCompletion,
    provideNameCompletion,
    provideObjectReferenceCompletion,
    provideSelectorLabelCompletion,
    provideTemplateLabelCompletion,
    provideMetadataKeyCompletion,
    provideDataKeyCompletion,
    providePortCompletion,
    provideLocalNameCompletion,
    provideImageCompletion,
    provideNamespaceCompletion,
    provideNodeLabelCompletion,
    provideQuantityCompletion,
    provideRoleRuleCompletion,
    provideObjectSnippets,
    providePartSnippets,
  ],
  definition: [provideLinkDefinition, provideLabelDefinition],
  references: [provideReferences],
  highlights: [provideHighlights],
  documentLinks: [provideDocumentLinks],
  prepareRename: [prepareRename],
  rename: [provideRename],
  codeLens: [provideObjectLenses],
  inlayHints: [provideDefaultHints],
  documentSymbols: [provideDocumentSymbols],
  workspaceSymbols: [provideWorkspaceSymbols],
  folding: [provideFolding],
  selectionRanges: [provideSelectionRanges],
  semanticTokens: [provideSemanticTokens],
  formatting: [provideFormatting],
  codeActions: [
    provideExtractEnvironment,
    provideAddService,
    provideAddProbes,
    provideAddResources,
    provideConvertSecretData,
    provideSplitFile,
    provideJoinFiles,
  ],
  prepareCalls: [prepareCalls],
  incomingCalls: [provideIncomingCalls],
  outgoingCalls: [provideOutgoingCalls],
  explain: [provideExplanation],
};
