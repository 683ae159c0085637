/**
 * A selector that finds nothing, in the workspace or in the cluster, with what comes nearest: of a Service, a budget, a
 * network policy, an affinity, or a spread.
 */
import type { Requirement } from '#common/api/labelSelector.ts';
import { findNode } from '#common/manifests/places.ts';
import { childOf, type ManifestNode, pairFor, textOf, type TextRange } from '#common/manifests/nodes.ts';
import type { L10n } from '../l10n.ts';
import type { SelectorLink } from '../workspace/links.ts';
import { objectTitle } from '../workspace/manifestObject.ts';
import { defineRule, type Finding } from './rule.ts';
import { type EmptySelector, emptySelectors } from './selectors/emptySelectors.ts';
import { type SelectorData, selectorFixes } from './selectors/selectorFixes.ts';

export const selectorMatchesNothing = defineRule({
  id: 'selector-matches-nothing',
  title: 'A selector matches nothing',
  severity: 'warning',
  needs: 'facts',
  docs: `No pod and no workload of the workspace has the labels that are asked for in that namespace, and no pod of the cluster
either. Most often a label is spelled in another way, or the namespace is another.

Looked at are the selectors of Services, PodDisruptionBudgets and NetworkPolicies (their pods, peers and namespaces), and the
terms of pod affinity and anti-affinity that a scheduler has to meet. The selector of a topology spread is compared with the
labels of the pod that it stands in: it says which pods are counted. Pods that operators make are in no manifest; without a
cluster only a Service has to find its pods in the workspace, and of the others only what comes very near to existing labels is
told.`,
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
    if (object) for (const empty of emptySelectors(snapshot, object)) yield finding(empty, snapshot.l10n);
  },
  fixes: selectorFixes,
});

function finding({ link, miss, severity, own }: EmptySelector, { t }: L10n): Finding {
  const none = link.to.kind === 'Namespace' ? 'No namespaces have {0}' : 'No pods have {0}';
  const nobody = t(own ? 'Its own pods do not have {0}' : none, link.selector.text);
  if (!miss)
    return { range: placeOf(link, undefined), message: nobody, severity, data: { path: link.path } satisfies SelectorData };
  const { owner, differences, otherNamespace } = miss;
  const title = objectTitle(owner.object);
  const related = [{ object: owner.object, path: `${owner.metadataPath}.labels`, message: t("{0}'s labels", title) }];
  const [first] = differences;
  if (!first) {
    const message = t('{0} in namespace {1}; {2} has them in {3}', nobody, link.from.namespace, title, otherNamespace ?? '');
    return { range: placeOf(link, undefined), message, severity, data: { path: link.path } satisfies SelectorData, related };
  }
  const { requirement, actual, similarKey } = first;
  const actualKey = actual === undefined ? similarKey : requirement.key;
  const has =
    actualKey === undefined
      ? own
        ? t('{0}; they have no {1}', nobody, requirement.key)
        : t('{0}; {1} has no {2}', nobody, title, requirement.key)
      : own
        ? t('{0}; they have {1}', nobody, `${actualKey}=${owner.labels[actualKey] ?? ''}`)
        : t('{0}; {1} has {2}', nobody, title, `${actualKey}=${owner.labels[actualKey] ?? ''}`);
  const message = otherNamespace === undefined ? has : t('{0} (in namespace {1})', has, otherNamespace);
  const data: SelectorData = {
    path: link.path,
    owner: { uri: owner.object.uri, index: owner.object.document.index, metadataPath: owner.metadataPath },
    ...equalityOf(requirement),
    ...(actualKey === undefined ? {} : { actualKey, actual: owner.labels[actualKey] ?? '' }),
  };
  return { range: placeOf(link, requirement), message, severity, data, related };
}

/** Only one value makes a label that could be written. */
const equalityOf = ({ key, operator, values: [wanted, ...others] }: Requirement): { key: string; wanted?: string } =>
  wanted !== undefined && others.length === 0 && ['=', '==', 'in'].includes(operator) ? { key, wanted } : { key };

/** The value that is not met, or the selector's name. */
function placeOf({ from, path }: SelectorLink, requirement: Requirement | undefined): TextRange {
  const { root } = from.document;
  const selector = root && findNode(root, path).node;
  const value = requirement && selector && valueOf(selector, requirement.key);
  return value ?? from.document.rangeFor(path);
}

function valueOf(selector: ManifestNode, key: string): ManifestNode | undefined {
  const plain = pairFor(childOf(selector, 'matchLabels') ?? selector, key)?.value;
  if (plain) return plain;
  const expressions = childOf(selector, 'matchExpressions');
  if (expressions?.kind !== 'sequence') return undefined;
  const expression = expressions.items.find((item) => textOf(childOf(item, 'key')) === key);
  const values = childOf(expression, 'values');
  return values?.kind === 'sequence' && values.items.length > 0 ? values.items[0] : childOf(expression, 'operator');
}
