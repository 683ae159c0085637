/** What editors are told of the images is what the images are. */
import { describe, expect, it } from 'vitest';
import { type ImageDescription, imageDescriptions } from '#common/images/imageDescriptions.ts';
import { hasTag, offeredTags } from '#common/images/tagRules.ts';
import { allImages } from '../catalogue/allImages.ts';

const described = Object.entries<ImageDescription>(imageDescriptions);

describe('the described images', () => {
  it('are those of the catalogue', () => {
    const names = (images: readonly { readonly repositories: readonly string[] }[]): string[] =>
      images.flatMap(({ repositories }) => repositories).toSorted();
    expect(names(described.map(([, description]) => description))).toEqual(names(allImages));
    expect(new Set(names(allImages)).size).toBe(names(allImages).length);
  });

  it.each(described)('%s: its tags exist, and its ports are those it listens on', (_, { repositories, tags, ports }) => {
    const definition = allImages.find((image) => image.repositories === repositories);
    const offered = offeredTags(tags);
    expect(offered.length).toBeGreaterThan(0);
    for (const tag of offered) {
      expect(definition?.hasTag(tag), tag).toBe(true);
      expect(definition?.build(tag).exposedPorts ?? []).toEqual(ports);
    }
  });
});

it.each([
  ['1.27', true],
  ['1.27.3', true],
  ['v1.27', true],
  ['1', true],
  ['1.27-alpine', true],
  ['latest', true],
  ['latest-alpine', true],
  ['1.99', false],
  ['9.1', false],
  ['1.27.99', false],
  ['1.27-windows', false],
  ['', false],
  ['toString', false],
])('nginx:%s exists: %s', (tag, exists) => {
  expect(hasTag(imageDescriptions.nginx.tags, tag)).toBe(exists);
});

it.each([
  ['v1', true],
  ['v6', true],
  ['v7', false],
  ['1', false],
])('guestbook:%s exists: %s', (tag, exists) => {
  expect(hasTag(imageDescriptions.guestbook.tags, tag)).toBe(exists);
});
