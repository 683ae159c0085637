/** A namespace that neither the workspace nor the cluster has: applying the object would be refused. */
import { defineRule } from '../rule.ts';
import { addDocument } from './addDocument.ts';
import { nearestName, suggesting } from './nowhere.ts';

const namespaceKind = { group: '', kind: 'Namespace' };

export const missingNamespace = defineRule({
  id: 'missing-namespace',
  title: 'The namespace is not there',
  severity: 'warning',
  needs: 'facts',
  docs: 'The API server refuses objects of a namespace that does not exist. Told only while a cluster is known.',
  example: {
    bad: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shpo
#            ^^^^ warning: No Namespace "shpo", neither in the workspace nor in the cluster; did you mean "shop"?
#- live
apiVersion: v1
kind: Namespace
metadata:
  name: shop
`,
    good: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
#- live
apiVersion: v1
kind: Namespace
metadata:
  name: shop
`,
  },
  *check({ snapshot, object }) {
    if (!object || object.namespace === '' || !snapshot.facts.knows(namespaceKind)) return;
    const { namespace } = object;
    if (namespace === 'default' || snapshot.graph.objectsNamed(namespaceKind, '', namespace).length > 0) return;
    if (snapshot.facts.get(namespaceKind, '', namespace)) return;
    const nearest = nearestName(snapshot, namespaceKind, '', namespace);
    const { l10n } = snapshot;
    const message = l10n.t('No {0} "{1}", neither in the workspace nor in the cluster', 'Namespace', namespace);
    yield {
      range: object.rangeFor('metadata.namespace'),
      message: suggesting(l10n, message, nearest),
      data: { namespace, nearest },
    };
  },
  fixes({ l10n }, file, { range, data }) {
    const { namespace, nearest } = data as { namespace: string; nearest?: string };
    return [
      ...(nearest === undefined
        ? []
        : [{ title: l10n.t('Change to "{0}"', nearest), edits: [{ uri: file.uri, range, text: nearest }] }]),
      {
        title: l10n.t('Add {0} "{1}"', 'Namespace', namespace),
        edits: [addDocument(file, `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespace}`)],
      },
    ];
  },
});
