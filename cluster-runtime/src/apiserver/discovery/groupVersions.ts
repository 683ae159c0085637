/** The order in which discovery tells groups and versions: the built-in ones by rank, then custom ones by name. */
import { apiVersionOf } from '#common/api/groupVersion.ts';
import { builtinGroupVersions } from '#common/schema/generated/discovery.ts';
import type { DiscoveryResource } from './discoveryResource.ts';

export interface ServedVersion {
  version: string;
  groupVersion: string;
  /** By plural name. */
  resources: DiscoveryResource[];
}

export interface ServedGroup {
  name: string;
  /** The preferred one first. */
  versions: ServedVersion[];
}

const rank = new Map(builtinGroupVersions.map((groupVersion, index) => [groupVersion, index]));
const groupRank = new Map<string, number>();
for (const [groupVersion, index] of rank) {
  const group = groupVersion.slice(0, groupVersion.lastIndexOf('/'));
  if (!groupRank.has(group)) groupRank.set(group, index);
}

export function groupsOf(resources: readonly DiscoveryResource[]): ServedGroup[] {
  const groups = new Map<string, Map<string, DiscoveryResource[]>>();
  for (const resource of resources) {
    const versions = groups.get(resource.group) ?? new Map<string, DiscoveryResource[]>();
    groups.set(resource.group, versions);
    versions.set(resource.version, [...(versions.get(resource.version) ?? []), resource]);
  }
  return [...groups]
    .map(([name, versions]) => ({
      name,
      versions: [...versions]
        .map(([version, list]) => ({
          version,
          groupVersion: apiVersionOf({ group: name, version }),
          resources: list.sort((a, b) => (a.plural < b.plural ? -1 : 1)),
        }))
        .sort((a, b) => compareVersions(name, a.version, b.version)),
    }))
    .sort(compareGroups);
}

function compareGroups(a: ServedGroup, b: ServedGroup): number {
  const byRank = (groupRank.get(a.name) ?? Infinity) - (groupRank.get(b.name) ?? Infinity);
  // Infinity - Infinity is not a number: both are custom.
  return byRank || (a.name < b.name ? -1 : 1);
}

function compareVersions(group: string, a: string, b: string): number {
  const [rankA, rankB] = [rank.get(`${group}/${a}`), rank.get(`${group}/${b}`)];
  if (rankA !== undefined && rankB !== undefined) return rankA - rankB;
  return compareCustomVersions(a, b);
}

const versionPattern = /^v(\d+)(?:(alpha|beta)(\d+))?$/;
const stages: Record<string, number> = { alpha: 0, beta: 1 };

/** Best first, as Kubernetes ranks the versions of a custom resource: v2, v1, v1beta2, v1alpha1, then anything else by name. */
export function compareCustomVersions(a: string, b: string): number {
  const [left, right] = [versionPattern.exec(a), versionPattern.exec(b)];
  if (!left || !right) return left ? -1 : right ? 1 : a < b ? -1 : a > b ? 1 : 0;
  const key = (match: RegExpExecArray): number[] => [
    match[2] ? (stages[match[2]] ?? 0) : 2,
    Number(match[1]),
    Number(match[3] ?? 0),
  ];
  const [leftKey, rightKey] = [key(left), key(right)];
  for (const [i, part] of rightKey.entries()) {
    const difference = part - (leftKey[i] ?? 0);
    if (difference) return difference;
  }
  return 0;
}
