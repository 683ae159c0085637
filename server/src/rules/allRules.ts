/** The only list of the rules, in the order in which docs/rules.md tells them. */
import type { Rule } from './rule.ts';
import { duplicateKey } from './duplicateKey.ts';
import { invalidObject } from './invalidObject.ts';
import { selectorMatchesNothing } from './selectorMatchesNothing.ts';
import { removedApiVersion } from './versions/removedApiVersion.ts';
import { missingConfigMap } from './names/missingConfigMap.ts';
import { missingSecret } from './names/missingSecret.ts';
import { missingKey } from './names/missingKey.ts';
import { missingClaim } from './names/missingClaim.ts';
import { missingServiceAccount } from './names/missingServiceAccount.ts';
import { missingStorageClass } from './names/missingStorageClass.ts';
import { missingIngressClass } from './names/missingIngressClass.ts';
import { missingPriorityClass } from './names/missingPriorityClass.ts';
import { missingService } from './names/missingService.ts';
import { missingServicePort } from './names/missingServicePort.ts';
import { missingScaleTarget } from './names/missingScaleTarget.ts';
import { missingRole } from './names/missingRole.ts';
import { missingNamespace } from './names/missingNamespace.ts';
import { usedBeforeDefined } from './usedBeforeDefined.ts';
import { missingTargetPort } from './missingTargetPort.ts';
import { missingProbePort } from './missingProbePort.ts';
import { duplicateNodePort } from './duplicateNodePort.ts';
import { duplicateObject } from './duplicateObject.ts';
import { overlappingSelectors } from './overlappingSelectors.ts';
import { ineffectiveField } from './ineffectiveField.ts';
import { failingPods } from './failingPods.ts';
import { unknownImageTag } from './unknownImageTag.ts';
import { yamlSyntax } from './yamlSyntax.ts';

export const allRules: readonly Rule[] = [
  yamlSyntax,
  duplicateKey,
  invalidObject,
  selectorMatchesNothing,
  removedApiVersion,
  missingConfigMap,
  missingSecret,
  missingKey,
  missingClaim,
  missingServiceAccount,
  missingStorageClass,
  missingIngressClass,
  missingPriorityClass,
  missingService,
  missingServicePort,
  missingScaleTarget,
  missingRole,
  missingNamespace,
  usedBeforeDefined,
  missingTargetPort,
  missingProbePort,
  duplicateNodePort,
  duplicateObject,
  overlappingSelectors,
  ineffectiveField,
  unknownImageTag,
  failingPods,
];

export const ruleById = (id: string): Rule | undefined => allRules.find((rule) => rule.id === id);
