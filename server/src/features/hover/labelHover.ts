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
  const selectors = snapshot.graph.selectorsOf(owner);
  const by = selectors.filter(({ selector }) => selector.requirements.some((requirement) => requirement.key === key));
  const line = (link: (typeof by)[number]): string =>
    `- \`${objectTitle(link.from)}\` by \`${link.selector.requirements.map(requirementText).join(',')}\` (${link.path})`;
  const others = selectors.length - by.length;
  const lines = [`**Label** \`${key}=${value}\` of ${owner.metadataPath === 'metadata' ? 'the object' : 'its pods'}`];
  lines.push(by.length > 0 ? `Selected by it:\n\n${by.map(line).join('\n')}` : 'No selector of the workspace asks for it.');
  if (others > 0) lines.push(`${others} more ${others === 1 ? 'selector matches' : 'selectors match'} by other labels.`);
  return { range: found.range, markdown: lines.join('\n\n') };
};
