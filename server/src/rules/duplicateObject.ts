/** The same object in two places: the later apply wins, whichever that is. */
import { defineRule } from './rule.ts';

export const duplicateObject = defineRule({
  id: 'duplicate-object',
  title: 'The same object is written twice',
  severity: 'warning',
  needs: 'graph',
  docs: `Kind, namespace and name are the same, so that one overwrites the other, depending on which is applied last. In two folders
this is often on purpose (an environment each), and not told.`,
  example: {
    bad: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
#       ^^^ warning: ConfigMap "web" is also in this file
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
#       ^^^ warning: ConfigMap "web" is also in this file
`,
    good: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: other
`,
  },
  *check({ snapshot, object }) {
    if (!object) return;
    const folder = folderOf(object.uri);
    const others = snapshot.graph
      .objectsNamed(object.gvk, object.namespace, object.name)
      .filter((each) => each !== object && each.document !== object.document && folderOf(each.uri) === folder);
    const other = others.find(({ uri }) => uri === object.uri) ?? others[0];
    if (!other) return;
    const { t } = snapshot.l10n;
    const { kind } = object.gvk;
    yield {
      range: object.rangeFor('metadata.name'),
      message:
        other.uri === object.uri
          ? t('{0} "{1}" is also in this file', kind, object.name)
          : t('{0} "{1}" is also in {2}', kind, object.name, nameOf(other.uri)),
      related: [{ object: other, path: 'metadata.name', message: t('the other') }],
    };
  },
});

const folderOf = (uri: string): string => uri.slice(0, uri.lastIndexOf('/'));
const nameOf = (uri: string): string => decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
