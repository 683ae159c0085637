/** A field that the playground accepts, as Kubernetes does, and does not act on. */
import { type ManifestNode, pairFor, type TextRange } from '#common/manifests/nodes.ts';
import { defineRule } from './rule.ts';

export const ineffectiveField = defineRule({
  id: 'ineffective-field',
  title: 'The playground does not act on the field',
  severity: 'information',
  needs: 'document',
  docs: `The field is right and is stored; a real cluster acts on it. Containers of the playground are simulated, so that this one has
no effect here.`,
  example: {
    bad: `
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  hostPID: true
# ^^^^^^^ information: The playground does not act on hostPID: containers are simulated and have no processes of a host
  containers:
    - name: web
      image: nginx
`,
    good: `
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx
`,
  },
  *check({ document, object }) {
    const fields = object?.definition?.ineffectiveFields;
    if (!fields || !document.root) return;
    for (const [path, reason] of Object.entries(fields)) {
      for (const range of placesOf(document.root, path.split('.'))) {
        yield { range, message: `The playground does not act on ${path.split('.').at(-1)?.replace('[]', '')}: ${reason}` };
      }
    }
  },
});

/** The keys of a dotted path in which `name[]` goes through a list. */
function* placesOf(node: ManifestNode, [step, ...rest]: readonly string[]): Generator<TextRange> {
  if (step === undefined) return;
  const throughList = step.endsWith('[]');
  const pair = pairFor(node, throughList ? step.slice(0, -2) : step);
  if (!pair) return;
  if (rest.length === 0) yield pair.key;
  else if (!throughList) yield* placesOf(pair.value, rest);
  else if (pair.value.kind === 'sequence') for (const item of pair.value.items) yield* placesOf(item, rest);
}
