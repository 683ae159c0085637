/**
 * Which selectors have to match something, and whether they do, in the workspace or in the cluster. Workloads are no part of
 * it: their selector is compared with their own template by the API server itself.
 */
import type { Snapshot } from '../../snapshot.ts';
import { liveMatches } from '../../facts/liveMatches.ts';
import type { LabelOwner } from '../../workspace/labelOwners.ts';
import type { SelectorLink } from '../../workspace/links.ts';
import type { ManifestObject } from '../../workspace/manifestObject.ts';
import { nearestOwners, nearestText, type NearMiss } from '../../workspace/nearMiss.ts';
import { differencesOf } from '../../workspace/nearMiss.ts';
import type { Severity } from '../rule.ts';

/** What a selector is for; decides when its emptiness is worth a word. */
type Purpose = 'service' | 'budget' | 'policy' | 'peer' | 'peer-namespace' | 'affinity' | 'anti-affinity' | 'spread';

export interface EmptySelector {
  readonly link: SelectorLink;
  readonly miss: NearMiss | undefined;
  readonly severity: Severity;
  /** It is compared with the pod's own labels only. */
  readonly own: boolean;
}

const purposes: readonly (readonly [kind: string | undefined, path: RegExp, purpose: Purpose])[] = [
  ['Service', /^spec\.selector$/, 'service'],
  ['PodDisruptionBudget', /^spec\.selector$/, 'budget'],
  ['NetworkPolicy', /^spec\.podSelector$/, 'policy'],
  ['NetworkPolicy', /\.podSelector$/, 'peer'],
  ['NetworkPolicy', /\.namespaceSelector$/, 'peer-namespace'],
  [undefined, /\.podAffinity\.required\w+\[\d+\]\.labelSelector$/, 'affinity'],
  [undefined, /\.podAntiAffinity\.required\w+\[\d+\]\.labelSelector$/, 'anti-affinity'],
  [undefined, /\.topologySpreadConstraints\[\d+\]\.labelSelector$/, 'spread'],
];

function purposeOf({ from, path }: SelectorLink): Purpose | undefined {
  return purposes.find(([kind, pattern]) => (kind === undefined || kind === from.gvk.kind) && pattern.test(path))?.[2];
}

/** Namespaces that every cluster has. */
const everywhere = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

export function* emptySelectors(snapshot: Snapshot, object: ManifestObject): Generator<EmptySelector> {
  for (const link of object.links) {
    if (link.type !== 'selector' || link.selector.matchesNothing || link.selector.isEmpty) continue;
    const purpose = purposeOf(link);
    const found = purpose && (purpose === 'spread' ? unlikeItself(link) : unmatched(snapshot, link, purpose));
    if (found) yield found;
  }
}

/** A spread counts the pods that the selector matches: one that leaves its own pods out spreads somebody else's. */
function unlikeItself(link: SelectorLink): EmptySelector | undefined {
  const owner = link.from.owners.find(({ podSpecPath }) => podSpecPath !== undefined && link.path.startsWith(`${podSpecPath}.`));
  if (!owner || link.selector.matches(owner.labels)) return undefined;
  const differences = differencesOf(link.selector.requirements, owner.labels);
  return { link, miss: { owner, differences, otherNamespace: undefined }, severity: 'warning', own: true };
}

function unmatched(snapshot: Snapshot, link: SelectorLink, purpose: Purpose): EmptySelector | undefined {
  const { graph, facts } = snapshot;
  if (graph.matched(link).length > 0 || liveMatches(facts, link).length > 0) return undefined;
  if (purpose === 'peer-namespace' && everywhere.some((name) => link.selector.matches({ 'kubernetes.io/metadata.name': name })))
    return undefined;
  if (matchedByLiveNamespaces(snapshot, link)) return undefined;
  const [miss] = nearestOwners(graph, link, 1);
  // Pods and namespaces that somebody else makes: without a cluster, only what looks like a slip of the pen counts.
  if (purpose !== 'service' && !facts.knows(link.to) && !isSlip(miss)) return undefined;
  const severity = purpose === 'anti-affinity' ? 'information' : 'warning';
  return { link, miss, severity, own: false };
}

/** Workloads of the workspace in namespaces whose labels only the cluster knows, or, with no cluster, nobody. */
function matchedByLiveNamespaces({ graph, facts }: Snapshot, { to, scope, selector }: SelectorLink): boolean {
  if (scope === 'all' || !('labelled' in scope)) return false;
  const namespaceKind = { group: '', kind: 'Namespace' };
  const known = facts.knows(namespaceKind);
  if (!known && graph.objectsOf(namespaceKind).length === 0) return true;
  return graph.ownersMatching(to, 'all', selector).some((owner: LabelOwner) => {
    const namespace = facts.get(namespaceKind, '', owner.object.namespace);
    return namespace !== undefined && scope.labelled.matches(namespace.metadata.labels);
  });
}

/** One label, and nearly the one that is there. */
function isSlip(miss: NearMiss | undefined): boolean {
  const [first, ...rest] = miss?.differences ?? [];
  if (!first || rest.length > 0 || miss?.otherNamespace !== undefined) return false;
  if (first.actual === undefined) return first.similarKey !== undefined;
  return nearestText(first.actual, first.requirement.values) !== undefined;
}
