/** Whether the API of a group that belongs to Kubernetes itself was approved by those who look after it. */
import type { NewCondition } from '#common/kinds/custom/definitionConditions.ts';
import type { CustomResourceDefinition } from '#common/schema/generated/types.ts';

const annotation = 'api-approved.kubernetes.io';

/** Undefined for the groups of everybody else. */
export function approvalCondition({ metadata, spec }: CustomResourceDefinition): NewCondition | undefined {
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(spec.group)) return undefined;
  const value = metadata.annotations?.[annotation] ?? '';
  const type = 'KubernetesAPIApprovalPolicyConformant';
  if (/^https?:\/\/[^/]+/.test(value)) {
    return { type, status: 'True', reason: 'ApprovedAnnotation', message: `approved in ${value}` };
  }
  if (value.startsWith('unapproved')) {
    return { type, status: 'False', reason: 'UnapprovedAnnotation', message: `not approved: ${JSON.stringify(value)}` };
  }
  const message = `protected groups must have approval annotation "${annotation}", see https://github.com/kubernetes/enhancements/pull/1111`;
  return { type, status: 'False', reason: 'MissingAnnotation', message };
}
