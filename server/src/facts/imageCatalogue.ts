/**
 * What the playground's images are said to be. It is known without any cluster, as it comes with the playground itself; an
 * image that is not among them is one of somebody's own, of which nothing is said.
 */
import { type ImageDescription, imageDescriptions } from '#common/images/imageDescriptions.ts';
import { readImageReference } from '#common/images/imageReference.ts';
import { offeredTags } from '#common/images/tagRules.ts';
import type { ImageFacts } from './liveFacts.ts';

/** As one writes it: `nginx`, not `docker.io/library/nginx`. */
const familiarName = (repository: string): string => repository.replace(/^docker\.io\/(library\/)?/, '');

const byRepository = new Map<string, ImageFacts>();

/** One for each image, under the first of its names. */
export const catalogueImages: readonly ImageFacts[] = Object.values<ImageDescription>(imageDescriptions).map(
  ({ repositories, about, tags, ports }) => {
    const facts = repositories.map((repository) => {
      const each = { name: familiarName(repository), description: about, tags: offeredTags(tags), ports };
      byRepository.set(repository, each);
      return each;
    });
    return facts[0] as ImageFacts;
  },
);

/** The image that a container's `image` names, whatever its tag. */
export function catalogueImage(reference: string): ImageFacts | undefined {
  const read = readImageReference(reference);
  return 'problem' in read ? undefined : byRepository.get(read.repository);
}
