/** Finds the image behind a reference: an entry of the catalogue, or an image that has no behaviour here. */
import { createHash } from 'node:crypto';
import { allImages } from '../catalogue/allImages.ts';
import { unknownImage } from '../catalogue/unknown.ts';
import type { Image, ImageDefinition } from './image.ts';
import type { ImageReference } from './imageReference.ts';

export interface KnownImage {
  readonly reference: ImageReference;
  readonly image: Image;
  /** `docker.io/library/nginx@sha256:…`; empty for images that come from no registry. */
  readonly imageID: string;
  readonly sizeBytes: number;
  /** False for images that have no behaviour here. */
  readonly simulated: boolean;
}

/** Images of this reserved domain are on every node and cost nothing: for tests. */
export function isFree(reference: ImageReference): boolean {
  return reference.repository.startsWith('registry.example/');
}

export class ImageCatalogue {
  readonly #definitions = new Map<string, ImageDefinition>();
  readonly #images = new Map<string, KnownImage>();

  constructor(definitions: readonly ImageDefinition[] = allImages) {
    for (const definition of definitions) {
      for (const repository of definition.repositories) this.#definitions.set(repository, definition);
    }
  }

  /** Undefined when the registry has no such tag. */
  find(reference: ImageReference): KnownImage | undefined {
    const known = this.#images.get(reference.name);
    if (known) return known;
    const definition = this.#definitions.get(reference.repository);
    if (definition && !reference.digest && !definition.hasTag(reference.tag)) return undefined;
    const image = definition ? definition.build(reference.tag || 'latest') : unknownImage;
    const digest = reference.digest ?? `sha256:${createHash('sha256').update(reference.name).digest('hex')}`;
    const found: KnownImage = {
      reference,
      image,
      imageID: isFree(reference) ? '' : `${reference.repository}@${digest}`,
      sizeBytes: image.layers.reduce((sum, layer) => sum + layer.sizeBytes, 0),
      simulated: definition !== undefined,
    };
    this.#images.set(reference.name, found);
    return found;
  }
}
