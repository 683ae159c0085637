/** A Service whose selector finds no pod, in the workspace or in the cluster, with what comes nearest. */
import { requirementText } from '#common/api/labelSelector.ts';
import { findNode } from '#common/manifests/places.ts';
import type { SelectorLink } from '../workspace/links.ts';
import { objectTitle } from '../workspace/manifestObject.ts';
import { nearestOwners, type NearMiss } from '../workspace/nearMiss.ts';
import { defineRule, type Finding } from './rule.ts';

interface Data {
  /** The label that is asked for, and the one that is there. */
  readonly key?: string;
  readonly wanted?: string;
  readonly actualKey?: string;
  readonly actual?: string;
  readonly path: string;
}

export const selectorMatchesNothing = defineRule({
  id: 'selector-matches-nothing',
  title: 'The selector of a Service matches no pods',
  severity: 'warning',
  needs: 'facts',
  docs: 'No pod and no workload of the workspace has the labels that the Service asks for in its namespace, and no pod of the cluster either. Requests to it would find nobody. Most often a label is spelled in another way, or the Service is in another namespace.',
  kinds: ['Service'],
  example: {
    bad: `
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: wbe
#        ^^^ warning: No pods have app=wbe; Deployment/web has app=web
  ports: [{port: 80}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
`,
    good: `
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web, tier: front}
spec: {containers: [{name: web, image: nginx}]}
`,
  },
  *check({ snapshot, object }) {
    for (const link of object?.links ?? []) {
      if (link.type !== 'selector' || link.selector.matchesNothing || link.selector.isEmpty || link.to.kind !== 'Pod') continue;
      if (snapshot.graph.matched(link).length > 0) continue;
      if (snapshot.facts.podsMatching(link.from.namespace, link.selector).length > 0) continue;
      yield finding(link, nearestOwners(snapshot.graph, link, 1)[0]);
    }
  },
  fixes(snapshot, file, { range, data }) {
    const { wanted, actual, key, actualKey } = data as Data;
    if (wanted === undefined || actual === undefined || key !== actualKey || !snapshot.index.get(file.uri)) return [];
    return [{ title: `Select ${key}=${actual}`, edits: [{ uri: file.uri, range, text: actual }], preferred: true }];
  },
});

function finding(link: SelectorLink, miss: NearMiss | undefined): Finding {
  const nobody = `No pods have ${link.selector.text}`;
  if (!miss) return { range: placeOf(link, undefined), message: nobody, data: { path: link.path } satisfies Data };
  const { owner, differences, otherNamespace } = miss;
  const title = objectTitle(owner.object);
  const [first] = differences;
  const related = [{ object: owner.object, path: `${owner.metadataPath}.labels`, message: `${title}'s labels` }];
  if (!first) {
    const message = `${nobody} in namespace ${link.from.namespace}; ${title} has them in ${otherNamespace ?? ''}`;
    return { range: placeOf(link, undefined), message, data: { path: link.path } satisfies Data, related };
  }
  const { requirement, actual, similarKey } = first;
  const there =
    actual !== undefined
      ? `${requirement.key}=${actual}`
      : similarKey === undefined
        ? undefined
        : `${similarKey}=${owner.labels[similarKey] ?? ''}`;
  const has = there === undefined ? `${title} has no ${requirement.key}` : `${title} has ${there}`;
  const where = otherNamespace === undefined ? '' : ` (in namespace ${otherNamespace})`;
  const message = `No pods have ${link.selector.requirements.map(requirementText).join(',')}; ${has}${where}`;
  const actualKey = actual === undefined ? similarKey : requirement.key;
  const data: Data = {
    path: link.path,
    key: requirement.key,
    ...(requirement.values[0] === undefined ? {} : { wanted: requirement.values[0] }),
    ...(actualKey === undefined ? {} : { actualKey, actual: owner.labels[actualKey] ?? '' }),
  };
  return { range: placeOf(link, requirement.key), message, data, related };
}

/** The entry of the selector that is not met, or the selector's name. */
function placeOf({ from, path }: SelectorLink, key: string | undefined): { start: number; end: number } {
  const { root } = from.document;
  const selector = root && findNode(root, path).node;
  const pair = key === undefined || selector?.kind !== 'map' ? undefined : selector.pairs.find((each) => each.key.value === key);
  return pair ? pair.value : from.document.rangeFor(path);
}
