/** A ConfigMap or Secret that stands in the same file below what uses it: the order counts on the first apply. */
import type { NameLink } from '../workspace/links.ts';
import { documentText, insertBefore, removeDocument, takesDocuments } from '../edits/documents.ts';
import { defineRule } from './rule.ts';

const kinds = new Set(['ConfigMap', 'Secret', 'ServiceAccount', 'PriorityClass']);

export const usedBeforeDefined = defineRule({
  id: 'used-before-defined',
  title: 'An object stands below what uses it',
  severity: 'information',
  needs: 'graph',
  docs: `\`kubectl apply\` sends a file's objects from the top to the bottom. Pods that start before their ConfigMap or Secret is there
begin with failures that look like mistakes; pods of a ServiceAccount or PriorityClass that comes later are refused. Apply on save
orders objects itself.`,
  example: {
    bad: `
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx
      envFrom:
        - configMapRef:
            name: web
#                 ^^^ information: ConfigMap "web" stands further down; the first apply makes this Pod before it
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
`,
    good: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx
      envFrom:
        - configMapRef:
            name: web
`,
  },
  *check({ snapshot, document, object }) {
    if (!object) return;
    const { t } = snapshot.l10n;
    const told = new Set<string>();
    for (const link of object.links) {
      if (link.type !== 'name' || !kinds.has(link.to.kind) || told.has(keyOf(link))) continue;
      const targets = snapshot.graph.objectsNamed(link.to, link.namespace, link.name);
      const here = targets.filter(({ uri }) => uri === document.uri);
      if (here.length === 0 || here.some((target) => target.document.start < document.start)) continue;
      told.add(keyOf(link));
      const [target] = here;
      yield {
        range: link.range,
        message: t(
          '{0} "{1}" stands further down; the first apply makes this {2} before it',
          link.to.kind,
          link.name,
          object.gvk.kind,
        ),
        data: target && { kind: link.to.kind, name: link.name, index: target.document.index },
        related: target ? [{ object: target, path: 'metadata.name', message: t('the {0}', link.to.kind) }] : [],
      };
    }
  },
  fixes({ l10n }, file, { range, data }) {
    const { kind, name, index } = data as { kind: string; name: string; index: number };
    const user = file.documents.find(({ start, end }) => start <= range.start && range.start < end);
    const used = file.documents[index];
    const removed = used && takesDocuments(file) ? removeDocument(file, used) : undefined;
    if (!user || !used || !removed || used.index <= user.index) return [];
    const edits = [insertBefore(file, user, documentText(file, used)), removed];
    return [{ title: l10n.t('Move {0} "{1}" up, before what uses it', kind, name), edits, preferred: true }];
  },
});

const keyOf = ({ to, name }: NameLink): string => `${to.kind}/${name}`;
