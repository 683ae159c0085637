/**
 * Which endpoints of a service port may take a connection, as kube-proxy decides it: readiness first, then terminating
 * ones that still serve, then the traffic policy, then topology hints. Pure; the table calls it and picks one.
 */
import type { Endpoint } from '#common/schema/generated/types.ts';

export interface Target {
  readonly ip: string;
  readonly port: number;
  readonly node: string | undefined;
  readonly ready: boolean;
  /** Terminating, but still answering: used when nothing is ready. */
  readonly servingTerminating: boolean;
  readonly zones: readonly string[] | undefined;
  readonly nodes: readonly string[] | undefined;
}

export interface Viewpoint {
  /** The node that the connection starts from, where it is known. */
  readonly node: string | undefined;
  readonly zone: string | undefined;
  readonly policy: 'Cluster' | 'Local';
}

export type Choice =
  | { readonly targets: readonly Target[] }
  /** `refuse`: nothing behind the service at all. `drop`: something, but none that the policy allows. */
  | { readonly none: 'refuse' | 'drop' };

export function targetsOf(endpoint: Endpoint, port: number): Target[] {
  const { conditions, hints } = endpoint;
  return endpoint.addresses.map((ip) => ({
    ip,
    port,
    node: endpoint.nodeName,
    ready: conditions?.ready !== false,
    servingTerminating: conditions?.terminating === true && conditions.serving !== false,
    zones: hints?.forZones?.map((zone) => zone.name),
    nodes: hints?.forNodes?.map((node) => node.name),
  }));
}

const usable = (targets: readonly Target[]): readonly Target[] => {
  const ready = targets.filter((target) => target.ready);
  return ready.length > 0 ? ready : targets.filter((target) => target.servingTerminating);
};

/** The targets that hints leave to this viewpoint; all of them when some target carries no hint or none fits. */
function hinted(targets: readonly Target[], from: Viewpoint): readonly Target[] {
  const byHint = (hintsOf: (target: Target) => readonly string[] | undefined, own: string | undefined): readonly Target[] => {
    if (own === undefined || targets.some((target) => !hintsOf(target)?.length)) return [];
    return targets.filter((target) => hintsOf(target)?.includes(own));
  };
  const sameNode = byHint((target) => target.nodes, from.node);
  if (sameNode.length > 0) return sameNode;
  const sameZone = byHint((target) => target.zones, from.zone);
  return sameZone.length > 0 ? sameZone : targets;
}

export function chooseTargets(all: readonly Target[], from: Viewpoint): Choice {
  const anywhere = usable(all);
  if (anywhere.length === 0) return { none: 'refuse' };
  if (from.policy === 'Cluster') return { targets: hinted(anywhere, from) };
  // Without a node of its own the connection comes from outside, where a load balancer would pick a node that has some.
  const local = from.node === undefined ? anywhere : usable(all.filter((target) => target.node === from.node));
  return local.length > 0 ? { targets: local } : { none: 'drop' };
}
