import type { PersistentVolume } from '#common/schema/generated/types.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import type { Plugin, Rejection } from '../plugin.ts';
import { requirementsOf } from '../podRequirements.ts';
import { claimsOf } from '../podVolumes.ts';

const rejection: Rejection = { reasons: ['node(s) had no available volume zone'], unresolvable: true };

/** Label of a volume → the label of nodes that means the same by its other name. */
const zoneLabels: Readonly<Record<string, string>> = {
  'topology.kubernetes.io/zone': 'failure-domain.beta.kubernetes.io/zone',
  'topology.kubernetes.io/region': 'failure-domain.beta.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
};

/** A bound volume that is labelled with zones or regions can be used only there. */
export const volumeZone: Plugin = {
  name: 'VolumeZone',
  planFilter(pod, { lookups }) {
    if (!requirementsOf(pod).usesVolumes) return undefined;
    const limits = claimsOf(pod).flatMap(({ namespace, name }) => {
      const volumeName = lookups.claim(namespace, name)?.spec?.volumeName;
      const volume = volumeName ? lookups.volume(volumeName) : undefined;
      return volume ? zonesOf(volume) : [];
    });
    if (limits.length === 0) return undefined;
    return {
      filter(node) {
        // Where nodes say nothing about zones, zones say nothing about nodes.
        if (!Object.keys(zoneLabels).some((key) => node.label(key) !== undefined)) return undefined;
        return limits.every(({ key, values }) => values.includes(zoneOf(node, key) ?? '')) ? undefined : rejection;
      },
    };
  },
  mayHelp: (_, { type }) => type === 'node' || type === 'claim' || type === 'volume' || type === 'storageClass',
};

/** Several zones are written as `a__b`. */
const zonesOf = ({ metadata: { labels = {} } }: PersistentVolume): { key: string; values: string[] }[] =>
  Object.keys(zoneLabels)
    .filter((key) => Object.hasOwn(labels, key))
    .map((key) => ({ key, values: (labels[key] ?? '').split('__') }));

const zoneOf = (node: NodeInfo, key: string): string | undefined => node.label(key) ?? node.label(zoneLabels[key] ?? '');
