/** Warnings about containers: byte amounts that are no bytes, variables and ports that are defined twice. */
import type * as api from '#common/schema/generated/types.ts';
import { fractionWarning } from './warningTexts.ts';

interface Placed {
  readonly container: api.Container;
  readonly path: string;
}

export function containerWarnings(spec: api.PodSpec, at: string): string[] {
  const placed: Placed[] = [
    ...(spec.initContainers ?? []).map((container, i) => ({ container, path: `${at}.initContainers[${i}]` })),
    ...(spec.containers ?? []).map((container, i) => ({ container, path: `${at}.containers[${i}]` })),
  ];
  const warnings: string[] = [];
  for (const { container, path } of placed) warnings.push(...resourceWarnings(container, path), ...envWarnings(container, path));
  if (placed.some(({ container }) => container.ports)) warnings.push(...portWarnings(placed));
  return warnings;
}

function resourceWarnings({ resources }: api.Container, path: string): string[] {
  if (!resources?.limits && !resources?.requests) return [];
  return ['memory', 'ephemeral-storage'].flatMap((name) =>
    (['limits', 'requests'] as const).flatMap((list) =>
      fractionWarning(`${path}.resources.${list}[${name}]`, name, resources[list]?.[name]),
    ),
  );
}

/** A variable may use an earlier one of its own name; otherwise the earlier one is lost. */
function envWarnings({ env }: api.Container, path: string): string[] {
  if (!env || env.length < 2) return [];
  const seen = new Set<string>();
  const warnings: string[] = [];
  env.forEach(({ name, value }, i) => {
    if (seen.has(name) && !value?.includes(`$(${name})`)) {
      warnings.push(
        `${path}.env[${i}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
      );
    }
    seen.add(name);
  });
  return warnings;
}

interface PlacedPort {
  readonly port: api.ContainerPort;
  readonly path: string;
}

function portWarnings(placed: readonly Placed[]): string[] {
  const known = new Map<string, PlacedPort[]>();
  const warnings: string[] = [];
  for (const { container, path } of placed) {
    container.ports?.forEach((port, i) => {
      const here = `${path}.ports[${i}]`;
      const key = `${port.containerPort}/${port.protocol}`;
      const others = known.get(key) ?? [];
      for (const other of others) {
        if (areDuplicates(port, other.port)) warnings.push(`${here}: duplicate port definition with ${other.path}`);
      }
      known.set(key, [...others, { port, path: here }]);
    });
  }
  return warnings;
}

/** The same port on different host ports or addresses is two ports. */
const areDuplicates = (a: api.ContainerPort, b: api.ContainerPort): boolean =>
  !a.hostPort || !b.hostPort || (a.hostPort === b.hostPort && (a.hostIP ?? '') === (b.hostIP ?? ''));
