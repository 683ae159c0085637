/**
 * How many nodes of each zone are ready, and what follows for evictions: when much of a zone is gone at once it is more
 * likely that the control plane cannot see it than that its machines have failed. Then pods are left where they are; and
 * otherwise nodes are given up one after the other.
 */
import type * as api from '#common/schema/generated/types.ts';

/** From this share of unready nodes on, of more than two, a zone counts as partly disrupted. */
const unhealthyShare = 0.55;
const fewNodes = 2;
/** Up to this many nodes a cluster is small: in a disrupted zone of it nothing is evicted. */
const smallCluster = 50;
/** Between two nodes of a zone, in ms: ordinarily, and in a disrupted zone of a large cluster. */
const usualInterval = 10_000;
const slowInterval = 100_000;

export type ZoneState = 'Normal' | 'PartialDisruption' | 'FullDisruption';

export function zoneState(ready: number, unready: number): ZoneState {
  if (ready === 0 && unready > 0) return 'FullDisruption';
  return unready > fewNodes && unready / (ready + unready) >= unhealthyShare ? 'PartialDisruption' : 'Normal';
}

export function zoneOf({ metadata: { labels = {} } }: api.Node): string {
  const label = (name: string): string => (Object.hasOwn(labels, name) ? (labels[name] ?? '') : '');
  const region = label('topology.kubernetes.io/region') || label('failure-domain.beta.kubernetes.io/region');
  const zone = label('topology.kubernetes.io/zone') || label('failure-domain.beta.kubernetes.io/zone');
  return `${region}\0${zone}`;
}

interface Zone {
  ready: number;
  unready: number;
  /** When the next node may be given up. */
  nextAt: number;
}

export class ZoneHealth {
  readonly #nodes = new Map<string, { zone: string; ready: boolean }>();
  readonly #zones = new Map<string, Zone>();

  /** The node is there, ready or not. */
  set(name: string, zone: string, ready: boolean): void {
    this.delete(name);
    this.#nodes.set(name, { zone, ready });
    const counts = this.#zones.get(zone) ?? { ready: 0, unready: 0, nextAt: 0 };
    this.#zones.set(zone, counts);
    counts[ready ? 'ready' : 'unready']++;
  }

  delete(name: string): void {
    const node = this.#nodes.get(name);
    const counts = node && this.#zones.get(node.zone);
    if (!node || !counts) return;
    this.#nodes.delete(name);
    counts[node.ready ? 'ready' : 'unready']--;
  }

  /** No node of the cluster is ready any more: nobody is given up, and who was is taken back. */
  get allDisrupted(): boolean {
    return [...this.#zones.values()].every(({ ready }) => ready === 0);
  }

  /** When the next unready node of the zone may be given up; undefined for not in its present state. */
  nextEviction(zone: string): number | undefined {
    const counts = this.#zones.get(zone);
    if (!counts || this.allDisrupted) return undefined;
    if (zoneState(counts.ready, counts.unready) === 'PartialDisruption' && this.#nodes.size <= smallCluster) return undefined;
    return counts.nextAt;
  }

  /** One was given up at `now`. */
  noteEviction(zone: string, now: number): void {
    const counts = this.#zones.get(zone);
    if (!counts) return;
    const slow = zoneState(counts.ready, counts.unready) === 'PartialDisruption';
    counts.nextAt = now + (slow ? slowInterval : usualInterval);
  }
}
