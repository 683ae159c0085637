/** An apiVersion that Kubernetes no longer serves, with the conversion to the one that took its place. */
import { apiVersionOf } from '#common/api/groupVersion.ts';
import { defineRule } from '../rule.ts';
import { convert } from './conversions.ts';
import { removedVersion } from './removedVersions.ts';

export const removedApiVersion = defineRule({
  id: 'removed-api-version',
  title: 'Kubernetes no longer serves the apiVersion',
  severity: 'error',
  needs: 'document',
  docs: `The API server answers \`no matches for kind\`. The fix writes the version that took its place and converts the fields that
changed: an Ingress' backends, an autoscaler's targets, the selector that \`apps/v1\` wants.`,
  example: {
    bad: `
apiVersion: policy/v1beta1
#           ^^^^^^^^^^^^^^ error: PodDisruptionBudget policy/v1beta1 was removed in Kubernetes 1.25; use policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  minAvailable: 1
`,
    good: `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  minAvailable: 1
  selector:
    matchLabels:
      app: web
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
    - name: web
      image: nginx
`,
  },
  *check({ snapshot: { l10n }, document, gvk }) {
    const removed = removedVersion(gvk);
    if (!removed) return;
    const what = `${gvk.kind} ${apiVersionOf(gvk)}`;
    yield {
      range: document.rangeFor('apiVersion'),
      message:
        removed.now === undefined
          ? l10n.t('{0} was removed in Kubernetes {1}; nothing took its place', what, removed.since)
          : l10n.t('{0} was removed in Kubernetes {1}; use {2}', what, removed.since, removed.now),
      data: removed.now,
      tags: ['deprecated'],
    };
  },
  fixes({ l10n }, file, { range, data }) {
    const document = file.documents.find(({ start, end }) => start <= range.start && range.end <= end);
    if (typeof data !== 'string' || !document) return [];
    // A definition's schema moved to another place in each version; that is for its author.
    const edits = document.kind === 'CustomResourceDefinition' ? [] : convert(document, file);
    return [{ title: l10n.t('Convert to {0}', data), edits: [{ uri: file.uri, range, text: data }, ...edits], preferred: true }];
  },
});
