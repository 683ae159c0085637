/** Whether an exited container starts again, and how long it waits first. Pure. */
import type * as api from '#common/schema/generated/types.ts';
import type { ContainerKind } from './containerRecord.ts';

/** Kubernetes' crash-loop back-off: doubling from 10 s to 5 min, forgotten after 10 quiet minutes. */
export const firstBackOffMs = 10_000;
export const longestBackOffMs = 300_000;
export const backOffForgottenMs = 600_000;

export function restarts(container: api.Container, kind: ContainerKind, podPolicy: string, exitCode: number): boolean {
  if (kind === 'ephemeral') return false;
  if (kind === 'sidecar') return true;
  for (const rule of container.restartPolicyRules ?? []) {
    if (rule.action === 'Restart' && matches(rule.exitCodes, exitCode)) return true;
  }
  const policy = container.restartPolicy ?? podPolicy;
  if (policy === 'Never') return false;
  // An init container that succeeded is done, whatever the policy.
  return policy === 'Always' && kind === 'main' ? true : exitCode !== 0;
}

function matches(codes: api.ContainerRestartRuleOnExitCodes | undefined, exitCode: number): boolean {
  const listed = codes?.values?.includes(exitCode) ?? false;
  return codes?.operator === 'NotIn' ? !listed : listed;
}

/**
 * The wait before a restart, and the one after that. The first restart comes at once; a container that ran for ten
 * minutes starts over.
 */
export function nextBackOff(previousMs: number | undefined, ranMs: number): { waitMs: number; nextMs: number } {
  if (previousMs === undefined || ranMs >= backOffForgottenMs) return { waitMs: 0, nextMs: firstBackOffMs };
  return { waitMs: previousMs, nextMs: Math.min(previousMs * 2, longestBackOffMs) };
}

/** `10s`, `1m20s`, `5m0s`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}h${m}m${s}s` : m > 0 ? `${m}m${s}s` : `${s}s`;
}
