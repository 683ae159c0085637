/** What a policy of the Pod Security Standards has against a pod. */
import { allChecks } from './allChecks.ts';
import type { CheckedPod, Level, PodPolicy, PolicyVersion, Rule, Violation } from './check.ts';

/** From this version on nothing has changed, so that newer versions mean the same as `latest`. */
const newest = Math.max(...allChecks.flatMap(({ rules }) => rules.map(({ since }) => since)));

const known = new Map<string, readonly Rule[]>();

/** The violations in Kubernetes' order; empty: the pod is allowed. */
export function violationsOf({ metadata, spec }: Partial<CheckedPod>, { level, version }: PodPolicy): Violation[] {
  if (level === 'privileged' || !spec) return [];
  const pod = { metadata: metadata ?? {}, spec };
  return rulesAt(level, version).flatMap((rule) => rule(pod) ?? []);
}

function rulesAt(level: Exclude<Level, 'privileged'>, asked: PolicyVersion): readonly Rule[] {
  const version = asked === 'latest' ? newest : Math.min(asked, newest);
  const key = `${level}:${version}`;
  let rules = known.get(key);
  if (!rules) known.set(key, (rules = selectRules(level, version)));
  return rules;
}

function selectRules(level: Exclude<Level, 'privileged'>, version: number): Rule[] {
  const checks = allChecks
    .filter((check) => level === 'restricted' || check.level === 'baseline')
    .map((check) => ({ check, rule: check.rules.findLast(({ since }) => since <= version)?.rule }))
    .filter(({ rule }) => rule !== undefined);
  const replaced = new Set(checks.map(({ check }) => check.replaces));
  return checks.flatMap(({ check, rule }) => (rule && !replaced.has(check.id) ? [rule] : []));
}

/** The policy as messages name it: `restricted:v1.30`. */
export const policyText = ({ level, version }: PodPolicy): string =>
  `${level}:${version === 'latest' ? version : `v1.${version}`}`;

/** All of it, for who made the pod: `host namespaces (hostNetwork=true), hostPort (…)`. */
export const detailsText = (violations: readonly Violation[]): string =>
  violations.map(({ reason, detail }) => (detail ? `${reason} (${detail})` : reason)).join(', ');

/** In short, for lists of pods: `host namespaces, hostPort`. */
export const reasonsText = (violations: readonly Violation[]): string => violations.map(({ reason }) => reason).join(', ');
