/** Hover on a label: who selects by it. */
import { requirementText } from '#common/api/labelSelector.ts';
import { objectTitle } from '../../workspace/manifestObject.ts';
import { symbolAt } from '../navigation/symbolAt.ts';
import type { AtOffset, Hover } from '../feature.ts';

export const provideLabelHover: AtOffset<Hover> = (snapshot, file, offset) => {
  const found = symbolAt(snapshot, file, offset);
  if (found?.symbol.type !== 'label' || !('owner' in found.symbol.at)) return undefined;
  const { key, value, at } = found.symbol;
  const { owner } = at;
  const { l10n } = snapshot;
  const selectors = snapshot.graph.selectorsOf(owner);
  const by = selectors.filter(({ selector }) => selector.requirements.some((requirement) => requirement.key === key));
  const line = (link: (typeof by)[number]): string =>
    l10n.t(
      '- {0} by {1} ({2})',
      `\`${objectTitle(link.from)}\``,
      `\`${link.selector.requirements.map(requirementText).join(',')}\``,
      link.path,
    );
  const others = selectors.length - by.length;
  const label = `\`${key}=${value}\``;
  const lines = [l10n.t(owner.metadataPath === 'metadata' ? '**Label** {0} of the object' : '**Label** {0} of its pods', label)];
  lines.push(
    by.length > 0
      ? `${l10n.t('Selected by it:')}\n\n${by.map(line).join('\n')}`
      : l10n.t('No selector of the workspace asks for it.'),
  );
  if (others === 1) lines.push(l10n.t('1 more selector matches by other labels.'));
  else if (others > 1) lines.push(l10n.t('{0} more selectors match by other labels.', others));
  return { range: found.range, markdown: lines.join('\n\n') };
};
