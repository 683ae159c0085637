/**
 * Validation of a pod's spec, wherever it stands: in a pod, in a template, in a job's template. The parts are in files of
 * their own; here is their order, which is the order of the errors in Kubernetes' answers.
 */
import { duplicate, invalid, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { labelErrors } from '#common/api/labelErrors.ts';
import { dns1123LabelErrors, dns1123SubdomainErrors, qualifiedNameErrors, rangeProblem } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { validateAffinity } from './affinity.ts';
import { validateContainers, validateInitContainers } from './containers.ts';
import { validateFileKeyVolumes } from './env.ts';
import { validateEphemeralContainers } from './ephemeralContainers.ts';
import { addFieldProblems, addProblems, checkChoice, checkSubdomain, checkSupported, type Errors } from './fieldRules.ts';
import { internalForm } from './internalForm.ts';
import { validateDnsConfig, validateHostAliases, validateHostnameOverride } from './network.ts';
import { validateOperatingSystem } from './operatingSystem.ts';
import { validateOverhead, validatePodResources } from './podResources.ts';
import { validateHostUsers, validatePodSecurityContext } from './podSecurityContext.ts';
import { validateSchedulingGates, validateTolerations, validateTopologySpread } from './scheduling.ts';
import type { PodContext } from './validationContext.ts';
import { validateVolumes } from './volumes.ts';
import { validateHostProcess } from './windowsOptions.ts';

const restartPolicies = ['Always', 'OnFailure', 'Never'];
const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const preemptionPolicies = ['PreemptLowerPriority', 'Never'];
const maxInt32 = 2_147_483_647;
const noVolumes: ReadonlyMap<string, api.Volume> = new Map();
const noClaims: ReadonlySet<string> = new Set();

export function validatePodSpec(spec: api.PodSpec, podMeta: api.ObjectMeta, path: FieldPath, errors: Errors): void {
  const volumes = spec.volumes?.length ? validateVolumes(spec.volumes, podMeta, path.child('volumes'), errors) : noVolumes;
  const claims = spec.resourceClaims?.length
    ? validateClaims(spec.resourceClaims, path.child('resourceClaims'), errors)
    : noClaims;
  const ctx: PodContext = { errors, spec, path, volumes, claims };
  const containers = spec.containers ?? [];
  validateContainers(containers, ctx, path.child('containers'));
  if (spec.initContainers?.length) validateInitContainers(spec.initContainers, containers, ctx, path.child('initContainers'));
  if (spec.ephemeralContainers?.length) {
    validateEphemeralContainers(spec.ephemeralContainers, ctx, path.child('ephemeralContainers'));
  }
  if (spec.resources) validatePodResources(spec, spec.resources, claims, path.child('resources'), errors);
  validatePolicies(spec, path, errors);
  if (spec.affinity) validateAffinity(spec.affinity, path.child('affinity'), errors);
  if (spec.dnsConfig || spec.dnsPolicy === 'None') validateDnsConfig(spec, path, errors);
  if (spec.readinessGates?.length) validateReadinessGates(spec.readinessGates, path.child('readinessGates'), errors);
  if (spec.schedulingGates?.length) validateSchedulingGates(spec.schedulingGates, path.child('schedulingGates'), errors);
  if (spec.topologySpreadConstraints?.length) {
    validateTopologySpread(spec.topologySpreadConstraints, path.child('topologySpreadConstraints'), errors);
  }
  validateHostProcess(spec, path, errors);
  validateHostUsers(spec, path, errors);
  validateHostnameOverride(spec, path, errors);
  validateNames(spec, path, errors);
  if (spec.tolerations?.length) validateTolerations(spec.tolerations, path.child('tolerations'), errors);
  if (spec.hostAliases?.length) validateHostAliases(spec.hostAliases, path.child('hostAliases'), errors);
  checkSubdomain(spec.priorityClassName, path, 'priorityClassName', errors);
  if (spec.runtimeClassName != null) {
    addFieldProblems(spec.runtimeClassName, dns1123SubdomainErrors(spec.runtimeClassName), path, 'runtimeClassName', errors);
  }
  if (spec.preemptionPolicy != null) checkSupported(spec.preemptionPolicy, preemptionPolicies, path, 'preemptionPolicy', errors);
  if (spec.overhead) validateOverhead(spec.overhead, path.child('overhead'), errors);
  validateOperatingSystem(spec, path, errors);
  validateFileKeyVolumes(spec, path, errors);
}

function validatePolicies(spec: api.PodSpec, path: FieldPath, errors: Errors): void {
  checkChoice(spec.restartPolicy, restartPolicies, path, 'restartPolicy', errors);
  checkChoice(spec.dnsPolicy, dnsPolicies, path, 'dnsPolicy', errors);
  if (spec.nodeSelector) errors.push(...labelErrors(path.child('nodeSelector'), spec.nodeSelector));
  validatePodSecurityContext(spec, path, errors);
}

function validateNames(spec: api.PodSpec, path: FieldPath, errors: Errors): void {
  checkSubdomain(spec.serviceAccountName, path, 'serviceAccountName', errors);
  checkSubdomain(spec.nodeName, path, 'nodeName', errors);
  const seconds = spec.activeDeadlineSeconds;
  if (seconds != null && (seconds < 1 || seconds > maxInt32)) {
    errors.push(invalid(path.child('activeDeadlineSeconds'), seconds, rangeProblem(1, maxInt32)));
  }
  if (spec.hostname) addFieldProblems(spec.hostname, dns1123LabelErrors(spec.hostname), path, 'hostname', errors);
  if (spec.subdomain) addFieldProblems(spec.subdomain, dns1123LabelErrors(spec.subdomain), path, 'subdomain', errors);
}

function validateReadinessGates(gates: readonly api.PodReadinessGate[], path: FieldPath, errors: Errors): void {
  gates.forEach(({ conditionType = '' }, i) => {
    addProblems(conditionType, qualifiedNameErrors(conditionType), path.index(i).child('conditionType'), errors);
  });
}

/** Gives the names that containers may refer to. */
function validateClaims(claims: readonly api.PodResourceClaim[], path: FieldPath, errors: Errors): Set<string> {
  const names = new Set<string>();
  claims.forEach((claim, i) => {
    const at = path.index(i);
    const { name = '', resourceClaimName, resourceClaimTemplateName } = claim;
    if (!name) errors.push(required(at.child('name')));
    else if (names.has(name)) errors.push(duplicate(at.child('name'), name));
    else {
      addFieldProblems(name, dns1123LabelErrors(name), at, 'name', errors);
      names.add(name);
    }
    if (resourceClaimName != null && resourceClaimTemplateName != null) {
      const text = 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified';
      errors.push(invalid(at, internalForm('PodResourceClaim', claim), text));
    }
    if (resourceClaimName == null && resourceClaimTemplateName == null) {
      const text = 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`';
      errors.push(invalid(at, internalForm('PodResourceClaim', claim), text));
    }
    if (resourceClaimName != null) {
      addFieldProblems(resourceClaimName, dns1123SubdomainErrors(resourceClaimName), at, 'resourceClaimName', errors);
    }
    if (resourceClaimTemplateName != null) {
      const problems = dns1123SubdomainErrors(resourceClaimTemplateName);
      addFieldProblems(resourceClaimTemplateName, problems, at, 'resourceClaimTemplateName', errors);
    }
  });
  return names;
}
