/**
 * What the author of a pod or template is told besides the answer: deprecated and ineffective settings, and definitions that
 * hide each other. The order is that of Kubernetes' Warning headers. Cheap for pods that give no reason.
 */
import type * as api from '#common/schema/generated/types.ts';
import { containerWarnings } from './containerWarnings.ts';
import { affinityWarnings, nodeAffinityWarnings, topologyKeyWarning } from './schedulingWarnings.ts';
import { volumeWarnings } from './volumeWarnings.ts';
import { fractionWarning, movedLabels } from './warningTexts.ts';

/** Dotted paths of the spec and of the metadata beside it. */
export interface WarningPaths {
  readonly spec: string;
  readonly metadata: string;
}

const appArmor = 'container.apparmor.security.beta.kubernetes.io/';
const seccompPod = 'seccomp.security.alpha.kubernetes.io/pod';
const seccompContainer = 'container.seccomp.security.alpha.kubernetes.io/';
const criticalPod = 'scheduler.alpha.kubernetes.io/critical-pod';
/** `afterAnnotations` come between the warnings of the old AppArmor annotations and all others. */
export function podSpecWarnings(
  spec: api.PodSpec,
  metadata: api.ObjectMeta,
  paths: WarningPaths,
  afterAnnotations: readonly string[] = [],
): string[] {
  const at = paths.spec;
  const warnings: string[] = [];
  const annotations = metadata.annotations;
  if (annotations) warnings.push(...appArmorWarnings(spec, annotations, paths.metadata));
  warnings.push(...afterAnnotations);
  for (const label of Object.keys(spec.nodeSelector ?? {}).sort()) {
    const moved = Object.hasOwn(movedLabels, label) ? movedLabels[label] : undefined;
    if (moved) warnings.push(`${at}.nodeSelector[${label}]: deprecated since ${moved[0]}; use "${moved[1]}" instead`);
  }
  if (spec.affinity?.nodeAffinity)
    warnings.push(...nodeAffinityWarnings(spec.affinity.nodeAffinity, `${at}.affinity.nodeAffinity`));
  spec.topologySpreadConstraints?.forEach((constraint, i) => {
    const path = `${at}.topologySpreadConstraints[${i}]`;
    warnings.push(...topologyKeyWarning(constraint.topologyKey, `${path}.topologyKey`));
    if (!constraint.labelSelector) warnings.push(`${path}.labelSelector: a null labelSelector results in matching no pod`);
  });
  if (spec.volumes) warnings.push(...volumeWarnings(spec.volumes, `${at}.volumes`));
  warnings.push(...hostAliasWarnings(spec.hostAliases, at), ...pullSecretWarnings(spec.imagePullSecrets, at));
  if (annotations) warnings.push(...oldAnnotationWarnings(annotations, spec, paths.metadata));
  for (const name of Object.keys(spec.overhead ?? {})) {
    warnings.push(...fractionWarning(`${at}.overhead[${name}]`, name, spec.overhead?.[name]));
  }
  warnings.push(...containerWarnings(spec, at));
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    warnings.push(`${at}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`);
  }
  if (spec.affinity) warnings.push(...affinityWarnings(spec.affinity, `${at}.affinity`));
  return warnings;
}

function appArmorWarnings(spec: api.PodSpec, annotations: Record<string, string>, at: string): string[] {
  const all = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  return all
    .filter(({ name }) => Object.hasOwn(annotations, appArmor + name))
    .map(({ name }) => `${at}.annotations[${appArmor}${name}]: deprecated since v1.30; use the "appArmorProfile" field instead`);
}

function oldAnnotationWarnings(annotations: Record<string, string>, spec: api.PodSpec, at: string): string[] {
  const warnings: string[] = [];
  const seccomp = (key: string): void => {
    warnings.push(`${at}.annotations[${key}]: non-functional in v1.27+; use the "seccompProfile" field instead`);
  };
  if (Object.hasOwn(annotations, criticalPod)) {
    warnings.push(`${at}.annotations[${criticalPod}]: non-functional in v1.16+; use the "priorityClassName" field instead`);
  }
  if (Object.hasOwn(annotations, seccompPod)) seccomp(seccompPod);
  for (const { name } of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    if (Object.hasOwn(annotations, seccompContainer + name)) seccomp(seccompContainer + name);
  }
  return warnings;
}

function hostAliasWarnings(aliases: readonly api.HostAlias[] | undefined, at: string): string[] {
  const seen = new Set<string>();
  return (aliases ?? []).flatMap(({ ip }, i) => {
    if (!seen.has(ip)) {
      seen.add(ip);
      return [];
    }
    return [`${at}.hostAliases[${i}].ip: duplicate ip ${JSON.stringify(ip)}`];
  });
}

function pullSecretWarnings(secrets: readonly api.LocalObjectReference[] | undefined, at: string): string[] {
  const seen = new Set<string>();
  return (secrets ?? []).flatMap(({ name = '' }, i) => {
    const path = `${at}.imagePullSecrets[${i}].name`;
    if (!name) return [`${path}: invalid empty name ""`];
    if (seen.has(name)) return [`${path}: duplicate name ${JSON.stringify(name)}`];
    seen.add(name);
    return [];
  });
}
