/** Which tags the playground's images have: known without any cluster. */
import { type ImageDescription, imageDescriptions } from '#common/images/imageDescriptions.ts';
import { readImageReference } from '#common/images/imageReference.ts';
import { hasTag, offeredTags } from '#common/images/tagRules.ts';

export interface MissingTag {
  readonly tag: string;
  /** The tags to choose from, the newest first. */
  readonly offered: readonly string[];
}

const tagsByRepository = new Map(
  Object.values<ImageDescription>(imageDescriptions).flatMap(({ repositories, tags }) =>
    repositories.map((repository) => [repository, tags] as const),
  ),
);

/** The tag that an image of the catalogue does not have; undefined for one that it has, and for other people's images. */
export function missingTag(reference: string): MissingTag | undefined {
  const read = readImageReference(reference);
  const rules = 'problem' in read || read.digest !== undefined ? undefined : tagsByRepository.get(read.repository);
  if ('problem' in read || !rules || hasTag(rules, read.tag)) return undefined;
  return { tag: read.tag, offered: offeredTags(rules) };
}
