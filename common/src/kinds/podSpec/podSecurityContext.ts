/** The security settings of the pod as a whole, and the sharing of the host's namespaces. */
import { duplicate, forbidden, invalid, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { checkId, checkSupported, type Errors, idProblem, isId } from './fieldRules.ts';
import { validateAppArmorProfile, validateSeccompProfile } from './securityContext.ts';
import { validateWindowsOptions } from './windowsOptions.ts';

const groupChangePolicies = ['Always', 'OnRootMismatch'];
const supplementalPolicies = ['Merge', 'Strict'];
const seLinuxPolicies = ['Recursive'];
const sysctlName = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
const sysctlNameText =
  'must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';

export function validatePodSecurityContext(spec: api.PodSpec, specPath: FieldPath, errors: Errors): void {
  const context = spec.securityContext ?? {};
  const path = specPath.child('securityContext');
  if (spec.hostNetwork) checkHostNetworkPorts(spec.containers ?? [], specPath.child('containers'), errors);
  checkId(context.fsGroup, path, 'fsGroup', errors);
  checkId(context.runAsUser, path, 'runAsUser', errors);
  checkId(context.runAsGroup, path, 'runAsGroup', errors);
  context.supplementalGroups?.forEach((group, i) => {
    if (!isId(group)) errors.push(invalid(path.child('supplementalGroups').index(i), group, idProblem));
  });
  if (spec.shareProcessNamespace && spec.hostPID) {
    const text = 'ShareProcessNamespace and HostPID cannot both be enabled';
    errors.push(invalid(path.child('shareProcessNamespace'), true, text));
  }
  if (context.sysctls?.length) validateSysctls(context.sysctls, path.child('sysctls'), errors);
  if (context.fsGroupChangePolicy != null) {
    checkSupported(context.fsGroupChangePolicy, groupChangePolicies, path, 'fsGroupChangePolicy', errors);
  }
  if (context.seccompProfile) validateSeccompProfile(context.seccompProfile, path.child('seccompProfile'), errors);
  if (context.windowsOptions) validateWindowsOptions(context.windowsOptions, path.child('windowsOptions'), errors);
  if (context.appArmorProfile) validateAppArmorProfile(context.appArmorProfile, path.child('appArmorProfile'), errors);
  if (context.supplementalGroupsPolicy != null) {
    checkSupported(context.supplementalGroupsPolicy, supplementalPolicies, path, 'supplementalGroupsPolicy', errors);
  }
  if (context.seLinuxChangePolicy != null) {
    checkSupported(context.seLinuxChangePolicy, seLinuxPolicies, path, 'seLinuxChangePolicy', errors);
  }
}

function validateSysctls(sysctls: readonly api.Sysctl[], path: FieldPath, errors: Errors): void {
  const names = new Set<string>();
  sysctls.forEach(({ name = '' }, i) => {
    const at = path.index(i).child('name');
    const normal = name.replaceAll('/', '.');
    if (!name) errors.push(required(at));
    else if (name.length > 253 || !sysctlName.test(name)) errors.push(invalid(at, name, sysctlNameText));
    else if (names.has(normal)) errors.push(duplicate(at, name));
    names.add(normal);
  });
}

/** On the host's network a container's port is the host's. */
function checkHostNetworkPorts(containers: readonly api.Container[], path: FieldPath, errors: Errors): void {
  containers.forEach((container, i) =>
    container.ports?.forEach((port, j) => {
      if (!port.hostPort || port.hostPort === port.containerPort) return;
      const at = path.index(i).child('ports').index(j);
      // A port outside the range has been reported as such.
      if (port.hostPort < 1 || port.hostPort > 65535) return;
      errors.push(invalid(at.child('hostPort'), port.hostPort, 'must match `containerPort` when `hostNetwork` is true'));
    }),
  );
}

/** A pod in a user namespace of its own has no access to the host's other namespaces. */
export function validateHostUsers(spec: api.PodSpec, path: FieldPath, errors: Errors): void {
  if (spec.hostUsers !== false) return;
  if (spec.hostNetwork) errors.push(forbidden(path.child('hostNetwork'), 'when `hostUsers` is false'));
  if (spec.hostPID) errors.push(forbidden(path.child('HostPID'), 'when `hostUsers` is false'));
  if (spec.hostIPC) errors.push(forbidden(path.child('HostIPC'), 'when `hostUsers` is false'));
}
