/** Two workloads whose selectors match the same pods: each takes the other's for its own. */
import type { LabelOwner } from '../workspace/labelOwners.ts';
import { objectTitle } from '../workspace/manifestObject.ts';
import { defineRule } from './rule.ts';

const workloads = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'ReplicationController'];
const isWorkload = (kind: string): boolean => workloads.includes(kind);

export const overlappingSelectors = defineRule({
  id: 'overlapping-selectors',
  title: 'Two workloads select the same pods',
  severity: 'warning',
  needs: 'graph',
  docs: `A workload counts every pod that its selector matches and no other controller owns. With two that match the same pods, scaling
and rollouts interfere, autoscalers count wrong, and pods without an owner go to whoever comes first. Give each a label of its own.`,
  kinds: workloads,
  example: {
    bad: `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: a
spec:
  selector:
# ^^^^^^^^ warning: The selector also matches the pods of Deployment/b
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: b
spec:
  selector:
    matchLabels:
      app: shop
      part: b
  template:
    metadata:
      labels:
        app: shop
        part: b
`,
    good: `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: a
spec:
  selector:
    matchLabels:
      app: shop
      part: a
  template:
    metadata:
      labels:
        app: shop
        part: a
    spec:
      containers:
        - name: web
          image: nginx
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: b
spec:
  selector:
    matchLabels:
      app: shop
      part: b
  template:
    metadata:
      labels:
        app: shop
        part: b
    spec:
      containers:
        - name: web
          image: nginx
`,
  },
  *check({ snapshot, object }) {
    const link = object?.links.find((each) => each.type === 'selector' && /^spec\.selector$/.test(each.path));
    if (!object || link?.type !== 'selector' || link.selector.isEmpty) return;
    const isOther = ({ object: other, metadataPath }: LabelOwner): boolean =>
      isWorkload(other.gvk.kind) &&
      metadataPath !== 'metadata' &&
      !(other.gvk.kind === object.gvk.kind && other.name === object.name);
    const other = snapshot.graph.matched(link).find(isOther);
    if (!other) return;
    const { t } = snapshot.l10n;
    yield {
      range: object.rangeFor('spec.selector'),
      message: t('The selector also matches the pods of {0}', objectTitle(other.object)),
      related: [{ object: other.object, path: `${other.metadataPath}.labels`, message: t('the labels of its pods') }],
    };
  },
});
