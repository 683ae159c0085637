/** A key that the ConfigMap or Secret which is named does not hold. Silent when the object itself is missing: another rule says that. */
import { isJsonObject } from '#common/api/ownProperty.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { KeyLink } from '../../workspace/links.ts';
import { nearestText } from '../../workspace/nearMiss.ts';
import { defineRule } from '../rule.ts';
import { suggesting } from './nowhere.ts';

export const missingKey = defineRule({
  id: 'missing-key',
  title: 'A key is named that the ConfigMap or Secret does not hold',
  severity: 'warning',
  needs: 'facts',
  docs: `The container stays in \`CreateContainerConfigError\`, or the volume is not mounted, until the key is there. Mark the
reference \`optional: true\` when the container can do without.`,
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
      env:
        - name: COLOR
          valueFrom:
            configMapKeyRef:
              name: web
              key: colour
#                  ^^^^^^ warning: ConfigMap "web" has no key "colour"; did you mean "color"?
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  color: blue
`,
    good: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  color: blue
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx
      env:
        - name: COLOR
          valueFrom:
            configMapKeyRef:
              name: web
              key: color
`,
  },
  *check({ snapshot, object }) {
    const { l10n } = snapshot;
    for (const link of object?.links ?? []) {
      if (link.type !== 'key' || link.optional) continue;
      const keys = keysOf(snapshot, link);
      if (!keys || keys.has(link.key)) continue;
      const nearest = nearestText(link.key, keys);
      yield {
        range: link.range,
        message: suggesting(l10n, l10n.t('{0} "{1}" has no key "{2}"', link.to.kind, link.name, link.key), nearest),
        data: nearest,
        related: snapshot.graph
          .objectsNamed(link.to, link.namespace, link.name)
          .map((target) => ({ object: target, path: 'metadata.name', message: l10n.t('the {0}', link.to.kind) })),
      };
    }
  },
  fixes: ({ l10n }, file, { range, data }) =>
    typeof data === 'string' ? [{ title: l10n.t('Change to "{0}"', data), edits: [{ uri: file.uri, range, text: data }] }] : [],
});

/** The keys of all that carries the name: a key that one of them has is there. Undefined when nothing has the name. */
function keysOf({ graph, facts }: Snapshot, { to, namespace, name }: KeyLink): Set<string> | undefined {
  const values: unknown[] = graph.objectsNamed(to, namespace, name).map(({ document }) => document.value);
  const generated = graph.generatedNamed(to, name);
  // What is written down comes before what the cluster has from an earlier save.
  if (values.length === 0 && generated.length === 0) values.push(facts.get(to, namespace, name));
  const holders = values.filter(isJsonObject);
  if (holders.length + generated.length === 0 || generated.some(({ keys }) => keys === undefined)) return undefined;
  const written = holders.flatMap((holder) =>
    ['data', 'stringData', 'binaryData'].flatMap((field) => {
      const map = holder[field];
      return isJsonObject(map) ? Object.keys(map) : [];
    }),
  );
  return new Set([...written, ...generated.flatMap(({ keys }) => [...(keys ?? [])])]);
}
