/** Root in a user namespace is nobody outside of it; since 1.35 pods with one of their own are let off the checks for root. */
import type { Rule } from './check.ts';

export const userNamespaceExemptSince = 35;

export const unlessUserNamespace =
  (rule: Rule): Rule =>
  (pod) =>
    pod.spec.hostUsers === false ? undefined : rule(pod);
