/**
 * What a check of the Pod Security Standards is: data (its level and since when each of its rules holds) around pure
 * functions. A rule sees a pod, or the template of one, after its defaults.
 * Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/ and the answers of Kubernetes 1.36.3.
 */
import type { ObjectMeta, PodSpec } from '#common/schema/generated/types.ts';

/** From the least to the most restrictive. */
export const levels = ['privileged', 'baseline', 'restricted'] as const;
export type Level = (typeof levels)[number];

/** A minor version of Kubernetes' 1.x, or the newest rules there are. */
export type PolicyVersion = number | 'latest';

export interface PodPolicy {
  readonly level: Level;
  readonly version: PolicyVersion;
}

export interface CheckedPod {
  readonly metadata: ObjectMeta;
  readonly spec: PodSpec;
}

export interface Violation {
  /** What is wrong, without places: `host namespaces`. */
  readonly reason: string;
  /** Where, and what to do: `hostNetwork=true`. */
  readonly detail: string;
}

export type Rule = (pod: CheckedPod) => Violation | undefined;

export interface Check {
  /** Checks are told in the order of their ids, baseline before restricted. */
  readonly id: string;
  readonly level: 'baseline' | 'restricted';
  /** The check of the baseline level that this one of the restricted level stands in for. */
  readonly replaces?: string;
  /** Oldest first. A policy follows the last rule that its version already had; before the first there is no check. */
  readonly rules: readonly { readonly since: number; readonly rule: Rule }[];
}
