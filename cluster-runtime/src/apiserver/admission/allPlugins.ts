/**
 * The plugins that Kubernetes turns on by default, in its order.
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
import { podSecurity } from './podSecurity.ts';
import { podSecurityNamespaces } from './podSecurityNamespaces.ts';
import { priority } from './priority.ts';
import { resourceQuota } from './resourceQuota.ts';
import { runtimeClass } from './runtimeClass.ts';
import { serviceAccount } from './serviceAccount.ts';
import { storageObjectInUseProtection } from './storageObjectInUseProtection.ts';
import { taintNodesByCondition } from './taintNodesByCondition.ts';

const inTree: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  limitRanger,
  serviceAccount,
  nodeRestriction,
  taintNodesByCondition,
  podSecurity,
  podSecurityNamespaces,
  priority,
  runtimeClass,
  defaultTolerationSeconds,
  defaultStorageClass,
  storageObjectInUseProtection,
  persistentVolumeClaimResize,
  certificateSigningRequestUser,
  certificateSubjectRestriction,
];

/** With those that ask somebody else (policies, webhooks); only what everybody lets through is counted. */
export const pluginsWith = (asking: readonly AdmissionPlugin[]): readonly AdmissionPlugin[] => [
  ...inTree,
  ...asking,
  resourceQuota,
];

export const allPlugins: readonly AdmissionPlugin[] = pluginsWith([]);
