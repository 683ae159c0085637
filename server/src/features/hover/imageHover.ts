/** Hover on `image`: what the playground knows of it. */
import { documentAt } from '#common/manifests/sourceFile.ts';
import type { AtOffset, Hover } from '../feature.ts';

export const provideImageHover: AtOffset<Hover> = ({ facts, l10n }, file, offset) => {
  const document = documentAt(file, offset);
  const at = document?.nodeAt(offset);
  if (!document || !at || at.onKey || at.node.kind !== 'scalar' || typeof at.node.value !== 'string' || at.node.templated)
    return undefined;
  const path = document.pathOf(at.node);
  if (path.at(-1) !== 'image' || !/^(containers|initContainers|ephemeralContainers)$/.test(String(path.at(-3)))) return undefined;
  const image = facts.image(at.node.value);
  if (!image) {
    return {
      range: at.node,
      markdown: l10n.t(
        '{0} has no behaviour in the playground: its container runs, listens on the ports that it declares, and says so in its log.',
        `\`${at.node.value}\``,
      ),
    };
  }
  const name = `**${image.name}**`;
  const lines = [image.description ? l10n.t('{0}: {1}', name, l10n.told(image.description)) : name];
  if (image.ports?.length) lines.push(l10n.t('Listens on {0}', l10n.list(image.ports)));
  if (image.tags?.length) lines.push(l10n.t('Tags: {0}', l10n.list(image.tags.slice(0, 12).map((tag) => `\`${tag}\``))));
  return { range: at.node, markdown: lines.join('\n\n') };
};
