/** The kubelet, which asks from the node's network, is not made to ask other hosts than the pod: since 1.34. */
import type { Container } from '#common/schema/generated/types.ts';
import type { Check, CheckedPod, Violation } from './check.ts';
import { containersOf } from './containersOf.ts';
import { containersNamed, distinct, plural, quoted } from './wording.ts';

export const probeHosts: Check = {
  id: 'hostProbesAndLifecycle',
  level: 'baseline',
  rules: [{ since: 34, rule: asksThePodOnly }],
};

function asksThePodOnly({ spec }: CheckedPod): Violation | undefined {
  const names: string[] = [];
  const asked: string[] = [];
  for (const container of containersOf(spec)) {
    const hosts = hostsOf(container);
    if (hosts.length > 0) names.push(container.name);
    asked.push(...hosts);
  }
  if (names.length === 0) return undefined;
  const hosts = distinct(asked);
  const verb = names.length === 1 ? 'uses' : 'use';
  return {
    reason: 'probe or lifecycle host',
    // The only check that sorts its containers.
    detail: `${containersNamed(distinct(names))} ${verb} probe or lifecycle ${plural('host', hosts.length)} ${quoted(hosts)}`,
  };
}

function hostsOf({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Partial<Container>): string[] {
  const handlers = [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop];
  return handlers.flatMap(
    (handler) =>
      [handler?.httpGet?.host, handler?.tcpSocket?.host].filter((host) => host !== undefined && host !== '') as string[],
  );
}
