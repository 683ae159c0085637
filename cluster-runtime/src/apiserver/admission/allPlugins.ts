/**
 * The plugins that Kubernetes turns on by default, in its order.
 *
 * Differs from Kubernetes: PodSecurity, webhooks and admission policies are not enforced yet.
 */
import type { AdmissionPlugin } from './admission.ts';
import { certificateSubjectRestriction } from './certificateRights.ts';
import { certificateSigningRequestUser } from './certificateSigningRequestUser.ts';
import { defaultStorageClass } from './defaultStorageClass.ts';
import { defaultTolerationSeconds } from './defaultTolerationSeconds.ts';
import { limitRanger } from './limitRanger.ts';
import { namespaceLifecycle } from './namespaceLifecycle.ts';
import { nodeRestriction } from './nodeRestriction.ts';
import { persistentVolumeClaimResize } from './persistentVolumeClaimResize.ts';
import { priority } from './priority.ts';
import { resourceQuota } from './resourceQuota.ts';
import { runtimeClass } from './runtimeClass.ts';
import { serviceAccount } from './serviceAccount.ts';
import { storageObjectInUseProtection } from './storageObjectInUseProtection.ts';
import { taintNodesByCondition } from './taintNodesByCondition.ts';

export const allPlugins: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  limitRanger,
  serviceAccount,
  nodeRestriction,
  taintNodesByCondition,
  priority,
  runtimeClass,
  defaultTolerationSeconds,
  defaultStorageClass,
  storageObjectInUseProtection,
  persistentVolumeClaimResize,
  certificateSigningRequestUser,
  certificateSubjectRestriction,
  // Last, so that only what everybody else lets through is counted.
  resourceQuota,
];
