/** Validation of the pod's containers and init containers: what all kinds of containers share, and what each may have besides. */
import { duplicate, forbidden, invalid, notSupported, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123LabelErrors, portNameErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { validateEnv, validateEnvFrom } from './env.ts';
import { addFieldProblems, checkChoice, type Errors, isPortNumber, portProblem } from './fieldRules.ts';
import { validateLifecycle, validateLivenessProbe, validateReadinessProbe, validateStartupProbe } from './probes.ts';
import { validateResources } from './resources.ts';
import { validateRestartRules } from './restartRules.ts';
import { validateSecurityContext } from './securityContext.ts';
import type { PodContext } from './validationContext.ts';
import { validateVolumeDevices, validateVolumeMounts } from './volumeMounts.ts';

type AnyContainer = api.Container | api.EphemeralContainer;

const terminationPolicies = ['File', 'FallbackToLogsOnError'];
const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
const protocols = ['SCTP', 'TCP', 'UDP'];
const resizableResources = ['cpu', 'memory'];
const resizePolicies = ['NotRequired', 'RestartContainer'];

export function validateContainers(containers: readonly api.Container[], ctx: PodContext, path: FieldPath): void {
  const { errors } = ctx;
  if (!containers.length) {
    errors.push(required(path));
    return;
  }
  const names = new Set<string>();
  for (let i = 0; i < containers.length; i++) {
    const container = containers[i] as api.Container;
    const at = path.index(i);
    validateCommon(container, ctx, at, errors);
    if (names.has(container.name ?? '')) errors.push(duplicate(at.child('name'), container.name ?? ''));
    names.add(container.name ?? '');
    validateRunning(container, ctx, at, errors);
    validateRestartRules(container, at, errors);
  }
  checkHostPorts(containers, path, errors);
}

/** Init containers run one after another, so that each may use the same host ports; only sidecars have probes and hooks. */
export function validateInitContainers(
  containers: readonly api.Container[],
  regular: readonly api.Container[],
  ctx: PodContext,
  path: FieldPath,
): void {
  const { errors } = ctx;
  const names = new Set(regular.map((container) => container.name ?? ''));
  for (let i = 0; i < containers.length; i++) {
    const container = containers[i] as api.Container;
    const at = path.index(i);
    validateCommon(container, ctx, at, errors);
    validateRestartRules(container, at, errors);
    if (names.has(container.name ?? '')) errors.push(duplicate(at.child('name'), container.name ?? ''));
    else if (container.name) names.add(container.name);
    checkHostPorts([container], path, errors);
    if (container.restartPolicy === 'Always') validateRunning(container, ctx, at, errors);
    else forbidRunning(container, at, errors);
  }
}

/** What containers of every kind have. */
export function validateCommon(container: AnyContainer, ctx: PodContext, path: FieldPath, errors: Errors): void {
  if (!container.name) errors.push(required(path.child('name')));
  else addFieldProblems(container.name, dns1123LabelErrors(container.name), path, 'name', errors);
  if (!container.image) errors.push(required(path.child('image')));
  checkChoice(container.terminationMessagePolicy, terminationPolicies, path, 'terminationMessagePolicy', errors);
  if (container.ports?.length) validatePorts(container.ports, path.child('ports'), errors);
  if (container.env?.length) validateEnv(container.env, path.child('env'), errors);
  if (container.envFrom?.length) validateEnvFrom(container.envFrom, path.child('envFrom'), errors);
  if (container.volumeMounts?.length) validateVolumeMounts(container, ctx, path.child('volumeMounts'), errors);
  if (container.volumeDevices?.length) validateVolumeDevices(container, ctx, path.child('volumeDevices'), errors);
  checkChoice(container.imagePullPolicy, pullPolicies, path, 'imagePullPolicy', errors);
  const { resources } = container;
  if (resources && (resources.limits || resources.requests || resources.claims)) {
    validateResources(resources, ctx.claims, path.child('resources'), errors);
  }
  if (container.resizePolicy?.length) validateResizePolicy(container.resizePolicy, path.child('resizePolicy'), errors);
  if (container.securityContext) {
    const hostUsers = ctx.spec.hostUsers !== false;
    validateSecurityContext(container.securityContext, hostUsers, path.child('securityContext'), errors);
  }
}

/** Hooks and probes, of what keeps running. */
function validateRunning(container: api.Container, ctx: PodContext, path: FieldPath, errors: Errors): void {
  const { lifecycle, livenessProbe, readinessProbe, startupProbe } = container;
  if (lifecycle) {
    validateLifecycle(lifecycle, ctx.spec.terminationGracePeriodSeconds ?? 0, path.child('lifecycle'), errors);
  }
  if (livenessProbe) validateLivenessProbe(livenessProbe, path.child('livenessProbe'), errors);
  if (readinessProbe) validateReadinessProbe(readinessProbe, path.child('readinessProbe'), errors);
  if (startupProbe) validateStartupProbe(startupProbe, path.child('startupProbe'), errors);
}

function forbidRunning(container: api.Container, path: FieldPath, errors: Errors): void {
  for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    if (!container[field]) continue;
    errors.push(forbidden(path.child(field), 'may not be set for init containers without restartPolicy=Always'));
  }
}

function validatePorts(ports: readonly api.ContainerPort[], path: FieldPath, errors: Errors): void {
  let names: Set<string> | undefined;
  for (let i = 0; i < ports.length; i++) {
    const { name, containerPort = 0, hostPort = 0, protocol = '' } = ports[i] as api.ContainerPort;
    if (name) {
      const problems = portNameErrors(name);
      names ??= new Set();
      if (problems.length) addFieldProblems(name, problems, path.index(i), 'name', errors);
      else if (names.has(name)) errors.push(duplicate(path.index(i).child('name'), name));
      else names.add(name);
    }
    if (containerPort === 0) errors.push(required(path.index(i).child('containerPort')));
    else if (!isPortNumber(containerPort)) {
      errors.push(invalid(path.index(i).child('containerPort'), containerPort, portProblem));
    }
    if (hostPort !== 0 && !isPortNumber(hostPort)) errors.push(invalid(path.index(i).child('hostPort'), hostPort, portProblem));
    if (!protocols.includes(protocol)) checkChoice(protocol, protocols, path.index(i), 'protocol', errors);
  }
}

/** No two of these containers may want the same port of the node. */
function checkHostPorts(containers: readonly api.Container[], path: FieldPath, errors: Errors): void {
  let taken: Set<string> | undefined;
  for (let i = 0; i < containers.length; i++) {
    const { ports } = containers[i] as api.Container;
    if (!ports) continue;
    for (let j = 0; j < ports.length; j++) {
      const port = ports[j] as api.ContainerPort;
      if (!port.hostPort) continue;
      const key = `${port.protocol}/${port.hostIP ?? ''}/${port.hostPort}`;
      taken ??= new Set();
      if (taken.has(key)) errors.push(duplicate(path.index(i).child('ports').index(j).child('hostPort'), key));
      else taken.add(key);
    }
  }
}

function validateResizePolicy(policies: readonly api.ContainerResizePolicy[], path: FieldPath, errors: Errors): void {
  const seen = new Set<string>();
  policies.forEach(({ resourceName = '', restartPolicy = '' }, i) => {
    if (seen.has(resourceName)) errors.push(duplicate(path.index(i), resourceName));
    seen.add(resourceName);
    for (const [value, supported] of [
      [resourceName, resizableResources],
      [restartPolicy, resizePolicies],
    ] as const) {
      if (!value) errors.push(required(path));
      else if (!supported.includes(value)) errors.push(notSupported(path, value, supported));
    }
  });
}
