/** What a pod's status may not become: containers that have ended for good do not come back. */
import { type FieldError, forbidden } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { ipErrors } from '#common/api/ipAddress.ts';
import { dns1123SubdomainErrors, qualifiedNameErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { addProblems } from '../podSpec/fieldRules.ts';
import { validateAnnotationsUpdate } from './annotationsUpdate.ts';

const statusPath = FieldPath.of('status');

export function validatePodStatusUpdate(pod: api.Pod, old: api.Pod): FieldError[] {
  const errors = validateAnnotationsUpdate(pod, old);
  const status = pod.status ?? {};
  const before = old.status ?? {};
  if (pod.spec?.nodeName !== old.spec?.nodeName) {
    errors.push(forbidden(statusPath.child('nodeName'), 'may not be changed directly'));
  }
  if (status.nominatedNodeName) {
    addProblems(
      status.nominatedNodeName,
      dns1123SubdomainErrors(status.nominatedNodeName),
      statusPath.child('nominatedNodeName'),
      errors,
    );
  }
  if (old.spec?.restartPolicy === 'Never' || old.spec?.restartPolicy === 'OnFailure') {
    checkTransitions(old.spec, status.containerStatuses, before.containerStatuses, 'containerStatuses', errors);
    checkTransitions(old.spec, status.initContainerStatuses, before.initContainerStatuses, 'initContainerStatuses', errors);
  }
  checkIps(status.podIPs, 'podIPs', errors);
  checkIps(status.hostIPs, 'hostIPs', errors);
  checkConditions(status.conditions, errors);
  return errors;
}

/** A container that will not be restarted stays terminated. */
function checkTransitions(
  spec: api.PodSpec,
  statuses: readonly api.ContainerStatus[] | undefined,
  before: readonly api.ContainerStatus[] | undefined,
  field: 'containerStatuses' | 'initContainerStatuses',
  errors: FieldError[],
): void {
  const containers = field === 'containerStatuses' ? spec.containers : spec.initContainers;
  for (const old of before ?? []) {
    const ended = old.state?.terminated;
    if (!ended) continue;
    const container = containers?.find((candidate) => candidate.name === old.name);
    if (container?.restartPolicy === 'Always' || container?.restartPolicyRules?.length) continue;
    const policy = container?.restartPolicy ?? spec.restartPolicy;
    if (policy === 'Always' || (policy === 'OnFailure' && ended.exitCode)) continue;
    (statuses ?? []).forEach((status, i) => {
      if (status.name !== old.name || status.state?.terminated) return;
      const at = statusPath.child(field).index(i).child('state');
      errors.push(forbidden(at, 'may not be transitioned to non-terminated state'));
    });
  }
}

function checkIps(ips: readonly { ip?: string }[] | undefined, field: string, errors: FieldError[]): void {
  ips?.forEach(({ ip = '' }, i) => addProblems(ip, ipErrors(ip), statusPath.child(field).index(i), errors));
}

function checkConditions(conditions: readonly api.PodCondition[] | undefined, errors: FieldError[]): void {
  conditions?.forEach(({ type = '' }, i) => {
    const problems = qualifiedNameErrors(type);
    if (problems.length) addProblems(type, problems, statusPath.child('conditions').index(i).child('type'), errors);
  });
}
