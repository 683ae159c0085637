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
  *check({ snapshot: { l10n }, document, object }) {
    const fields = object?.definition?.ineffectiveFields;
    if (!fields || !document.root) return;
    for (const [path, reason] of Object.entries(fields)) {
      for (const range of placesOf(document.root, path.split('.'))) {
        const field = path.slice(path.lastIndexOf('.') + 1).replace('[]', '');
        yield { range, message: l10n.t('The playground does not act on {0}: {1}', field, l10n.told(reason)) };
      }
    }
  },
});

/** The keys of a dotted path in which `name[]` goes through a list; `from` says how much of it is behind. */
function placesOf(node: ManifestNode, steps: readonly string[], from = 0, found: TextRange[] = []): TextRange[] {
  const step = steps[from];
  if (step === undefined) return found;
  const throughList = step.endsWith('[]');
  const pair = pairFor(node, throughList ? step.slice(0, -2) : step);
  if (!pair) return found;
  if (from === steps.length - 1) found.push(pair.key);
  else if (!throughList) placesOf(pair.value, steps, from + 1, found);
  else if (pair.value.kind === 'sequence') for (const item of pair.value.items) placesOf(item, steps, from + 1, found);
  return found;
}
