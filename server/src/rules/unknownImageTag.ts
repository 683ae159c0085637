/** An image of the playground's catalogue with a tag that it does not have. */
import { childOf, type ManifestNode, textOf } from '#common/manifests/nodes.ts';
import { missingTag } from '../facts/imageTags.ts';
import { podSpecOf } from '../workspace/linkTargets.ts';
import type { ManifestObject } from '../workspace/manifestObject.ts';
import { nearestText } from '../workspace/nearMiss.ts';
import { defineRule } from './rule.ts';

export const unknownImageTag = defineRule({
  id: 'unknown-image-tag',
  title: 'The playground’s image has no such tag',
  severity: 'information',
  needs: 'document',
  docs: `Pulling the image in the playground fails as it does for a tag that no registry has: \`ErrImagePull\`, then
\`ImagePullBackOff\`. Images that are not in the playground's catalogue take any tag.`,
  example: {
    bad: `
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx:no-such-tag
#            ^^^^^^^^^^^^^^^^^ information: The playground has no tag "no-such-tag" of this image; there are 1.29, 1.28, 1.27, …
`,
    good: `
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example.com/web:no-such-tag
`,
  },
  *check({ snapshot: { l10n }, object }) {
    for (const node of object ? imagesOf(object) : []) {
      const missing = missingTag(textOf(node) ?? '');
      if (!missing) continue;
      const { tag, offered } = missing;
      yield {
        range: node,
        message: l10n.t(
          'The playground has no tag "{0}" of this image; there are {1}',
          tag,
          l10n.list([...offered.slice(0, 3), '…']),
        ),
        data: { tag, instead: nearestText(tag, offered) ?? offered[0] },
      };
    }
  },
  fixes({ l10n }, file, { range, data }) {
    const { tag, instead } = data as { tag: string; instead?: string };
    const text = file.text.slice(range.start, range.end);
    if (instead === undefined || !text.includes(`:${tag}`)) return [];
    return [
      {
        title: l10n.t('Change to {0}', instead),
        edits: [{ uri: file.uri, range, text: text.replace(`:${tag}`, `:${instead}`) }],
      },
    ];
  },
});

/** The nodes of all images in a pod's spec. */
function imagesOf(object: ManifestObject): ManifestNode[] {
  const path = podSpecOf(object);
  const spec = path === undefined ? undefined : object.document.nodeFor(path);
  return ['initContainers', 'containers'].flatMap((field) => {
    const list = childOf(spec, field);
    const items = list?.kind === 'sequence' ? list.items : [];
    return items.flatMap((container) => childOf(container, 'image') ?? []);
  });
}
