/** Windows has none of what some restricted checks ask for; since 1.25 a pod that says it is for Windows is let off. */
import type { Rule } from './check.ts';

export const windowsExemptSince = 25;

export const unlessWindows =
  (rule: Rule): Rule =>
  (pod) =>
    pod.spec.os?.name === 'windows' ? undefined : rule(pod);
