import { describe, expect, it } from 'vitest';
import { catalogueImage, catalogueImages } from './imageCatalogue.ts';

describe('what is said of an image', () => {
  it.each([
    ['nginx', 'nginx', [80]],
    ['nginx:1.27', 'nginx', [80]],
    ['docker.io/nginx@sha256:0123456789abcdef0123456789abcdef', 'nginx', [80]],
    ['registry.k8s.io/nginx-slim:0.21', 'registry.k8s.io/nginx-slim', [80]],
    ['mongo:7', 'mongo', [27017]],
    ['gcr.io/google_samples/gb-redisslave:v3', 'gcr.io/google_samples/gb-redisslave', [6379]],
  ])('%s', (reference, name, ports) => {
    expect(catalogueImage(reference)).toMatchObject({ name, ports, description: expect.stringMatching(/\w/) as string });
  });

  it.each(['example.com/team/thing:3', 'NGINX', '', '${image}', 'team/nginx'])('nothing of %j', (reference) => {
    expect(catalogueImage(reference)).toBeUndefined();
  });

  it('each has a name, a description and tags to choose from, the newest first', () => {
    expect(new Set(catalogueImages.map(({ name }) => name)).size).toBe(catalogueImages.length);
    for (const { description, tags } of catalogueImages)
      expect([description, tags?.length]).toEqual([expect.stringMatching(/^\w/), expect.any(Number)]);
    expect(catalogueImage('nginx')?.tags?.slice(0, 3)).toEqual(['1.29', '1.28', '1.27']);
  });
});
