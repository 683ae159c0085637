/** Image names as the kubelet reads them, in its words for those that no registry could have. */
import { type ImageReference, readImageReference } from '#common/images/imageReference.ts';
import { ImagePullError } from '../../containerRuntime.ts';

export type { ImageReference };

export function parseImageReference(image: string): ImageReference {
  const reference = readImageReference(image);
  if (!('problem' in reference)) return reference;
  const quoted = JSON.stringify(image);
  throw new ImagePullError(
    'InvalidImageName',
    `Failed to apply default image tag ${quoted}: couldn't parse image name ${quoted}: ${reference.problem}`,
  );
}
