import type { Pod } from '#common/schema/generated/types.ts';
import { highestScore, type Plugin } from '../plugin.ts';

const mebibyte = 1024 * 1024;
/** Below this the images of a pod do not count; above, for each container, more makes no difference. */
const smallest = 23 * mebibyte;
const largestPerContainer = 1000 * mebibyte;

/** Prefers nodes that have the pod's images; an image counts more the more of the nodes have it, so that none is swamped. */
export const imageLocality: Plugin = {
  name: 'ImageLocality',
  weight: 1,
  score(pod, nodes, cluster) {
    const images = imagesOf(pod)
      .map((name) => ({ name, spread: cluster.nodesWithImage(name) / cluster.nodes.length }))
      .filter(({ spread }) => spread > 0);
    if (images.length === 0) return undefined;
    const largest = largestPerContainer * imagesOf(pod).length;
    return Float64Array.from(nodes, (node) => {
      let sum = 0;
      for (const { name, spread } of images) sum += Math.floor((node.images.get(name) ?? 0) * spread);
      const counted = Math.min(Math.max(sum, smallest), largest);
      return Math.floor((highestScore * (counted - smallest)) / (largest - smallest));
    });
  },
};

const imagesOf = ({ spec }: Pod): string[] =>
  [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(({ image = '' }) => withTag(image));

/** Nodes list images by their full name. */
const withTag = (image: string): string => (image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image);
