/** YAML that cannot be read. Only documents that mean to be manifests are looked at. */
import { defineRule } from './rule.ts';

export const yamlSyntax = defineRule({
  id: 'yaml-syntax',
  title: 'The YAML cannot be read',
  severity: 'error',
  needs: 'document',
  docs: 'The text is not YAML, so that `kubectl` would refuse the file. Nothing else is checked in a document until it can be read.',
  example: {
    bad: `
apiVersion: v1
kind: ConfigMap
metadata: {name: a
#                ^ error:
`,
    good: `
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
`,
  },
  looksAt: { broken: true, patches: true },
  *check({ snapshot: { l10n }, document }) {
    for (const { message, start, end } of document.problems)
      yield { range: { start, end: Math.max(end, start + 1) }, message: l10n.told(message) };
  },
});
