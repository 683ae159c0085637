/**
 * Which zone's traffic each endpoint of a Service with the annotation `service.kubernetes.io/topology-mode: Auto` is for:
 * its own zone's, but for those that zones with too many give to zones with too few, in proportion to the CPU of each
 * zone's nodes. A pure decision, made anew from all endpoints each time.
 */
import { quantityMilli } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';

const modeAnnotation = 'service.kubernetes.io/topology-mode';
const formerAnnotation = 'service.kubernetes.io/topology-aware-hints';
const zoneLabel = 'topology.kubernetes.io/zone';
const excludedLabels = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];
/** How much more traffic than the average an endpoint may get for the sake of staying in the zone. */
const overload = 0.2;

export function wantsTopologyHints({ metadata: { annotations } }: api.Service): boolean {
  const mode = annotations?.[modeAnnotation] ?? annotations?.[formerAnnotation];
  return mode === 'Auto' || mode === 'auto';
}

/** What of a node the shares of its zone come from; nodes that say the same need no new look. */
export const topologyOf = ({ metadata, status }: api.Node): string =>
  JSON.stringify([
    metadata.labels?.[zoneLabel] ?? '',
    isExcluded(metadata.labels),
    isNodeReady(status),
    isNodeReady(status) ? quantityMilli(status?.allocatable?.['cpu']) : 0,
  ]);

const isExcluded = (labels: Record<string, string> | undefined): boolean =>
  excludedLabels.some((label) => labels?.[label] !== undefined);

const isNodeReady = (status: api.NodeStatus | undefined): boolean =>
  status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;

/** Each zone's part of the CPU; undefined where a node does not say its zone or CPU, and where there are no two zones. */
export function zoneShares(nodes: readonly api.Node[]): ReadonlyMap<string, number> | undefined {
  const byZone = new Map<string, number>();
  let total = 0;
  for (const { metadata, status } of nodes) {
    if (isExcluded(metadata.labels) || !isNodeReady(status)) continue;
    const zone = metadata.labels?.[zoneLabel];
    const cpu = quantityMilli(status?.allocatable?.['cpu']);
    if (!zone || cpu === 0) return undefined;
    byZone.set(zone, (byZone.get(zone) ?? 0) + cpu);
    total += cpu;
  }
  return byZone.size < 2 ? undefined : new Map([...byZone].map(([zone, cpu]) => [zone, cpu / total]));
}

/** The zone for each endpoint that is ready, or why there are no hints. */
export type HintsPlan = { readonly zones: ReadonlyMap<api.Endpoint, string> } | { readonly problem: string };

export function planHints(endpoints: readonly api.Endpoint[], shares: ReadonlyMap<string, number> | undefined): HintsPlan {
  const ready = endpoints.filter(({ conditions }) => conditions?.ready === true);
  if (!shares) return { problem: 'Insufficient Node information: allocatable CPU or zone not specified on one or more nodes' };
  const count = `(${ready.length} endpoints, ${shares.size} zones)`;
  if (shares.size > ready.length) return { problem: `Insufficient number of endpoints ${count}` };
  const least = (share: number): number => Math.ceil(share * ready.length * (1 / (1 + overload)));
  if ([...shares.values()].reduce((sum, share) => sum + least(share), 0) > ready.length) {
    const problem = 'Unable to allocate minimum required endpoints to each zone without exceeding overload threshold';
    return { problem: `${problem} ${count}` };
  }
  const zones = new Map<api.Endpoint, string>();
  for (const endpoint of ready) {
    if (!endpoint.zone) return { problem: 'One or more endpoints do not have a zone specified' };
    zones.set(endpoint, endpoint.zone);
  }
  const wanted = new Map([...shares].map(([zone, share]) => [zone, Math.max(share * ready.length, least(share))]));
  for (const [from, to] of planGifts(zones, wanted)) {
    const given = ready.find((endpoint) => endpoint.zone === from && zones.get(endpoint) === from);
    if (given) zones.set(given, to);
  }
  return { zones };
}

/** Pairs of a zone that gives one endpoint and one that receives it, the greatest need first. */
function planGifts(zones: ReadonlyMap<api.Endpoint, string>, wanted: ReadonlyMap<string, number>): [string, string][] {
  const surplus = new Map([...wanted].map(([zone, number]) => [zone, -number]));
  for (const zone of zones.values()) if (surplus.has(zone)) surplus.set(zone, (surplus.get(zone) ?? 0) + 1);
  const needs = new Map([...surplus].flatMap(([zone, more]) => (more < 0 ? [[zone, -more] as const] : [])));
  for (const zone of needs.keys()) surplus.delete(zone);
  const gifts: [string, string][] = [];
  for (;;) {
    const [giver, spare] = greatest(surplus);
    const [receiver, need] = greatest(needs);
    // Less than one on both sides is as good as it gets, less than half on either would only turn it round.
    if (Math.min(spare, need) < 0.5 || Math.max(spare, need) < 1) return gifts;
    gifts.push([giver, receiver]);
    surplus.set(giver, spare - 1);
    needs.set(receiver, need - 1);
  }
}

function greatest(numbers: ReadonlyMap<string, number>): [string, number] {
  let found: [string, number] = ['', 0];
  for (const entry of numbers) if (entry[1] > found[1]) found = entry;
  return found;
}
