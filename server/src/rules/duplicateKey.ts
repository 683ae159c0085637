/** A key that stands twice in one map: YAML keeps the last one, the API server refuses the object. */
import { containerOf } from '#common/manifests/nodes.ts';
import { duplicateKeys } from '#common/manifests/places.ts';
import { defineRule } from './rule.ts';

export const duplicateKey = defineRule({
  id: 'duplicate-key',
  title: 'A key stands twice in the same map',
  severity: 'error',
  needs: 'document',
  docs: 'Of two equal keys only the last one would count. The API server refuses such an object. Remove one of them.',
  example: {
    bad: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  name: b
# ^^^^ error: key "name" already set in map
`,
    good: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
`,
  },
  looksAt: { patches: true },
  *check({ document }) {
    for (const { key, pair } of duplicateKeys(document.root)) {
      yield {
        range: pair.key,
        message: `key ${JSON.stringify(key)} already set in map`,
        data: { path: document.pathOf(pair.value) },
      };
    }
  },
  fixes({ l10n }, file, { range }) {
    const document = file.documents.find(({ start, end }) => start <= range.start && range.end <= end);
    const node = document?.nodeAt(range.start)?.node;
    const pair = node?.parent?.kind === 'pair' ? node.parent : undefined;
    if (!node || !pair || containerOf(node)?.flow) return [];
    const from = file.text.lastIndexOf('\n', pair.key.start) + 1;
    const next = file.text.indexOf('\n', Math.max(node.end, pair.key.end));
    // Behind a dash the line has to stay.
    if (file.text.slice(from, pair.key.start).trim() !== '') return [];
    const end = next < 0 ? file.text.length : next + 1;
    return [
      {
        title: l10n.t('Remove this {0}', JSON.stringify(pair.key.value)),
        edits: [{ uri: file.uri, range: { start: from, end }, text: '' }],
      },
    ];
  },
});
