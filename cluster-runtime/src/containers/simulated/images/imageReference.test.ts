import { describe, expect, test } from 'vitest';
import { ImagePullError } from '../../containerRuntime.ts';
import { parseImageReference } from './imageReference.ts';

describe('image names are completed', () => {
  test.each([
    ['nginx', 'docker.io/library/nginx:latest'],
    ['nginx:1.27', 'docker.io/library/nginx:1.27'],
    ['bitnami/redis:7', 'docker.io/bitnami/redis:7'],
    ['docker.io/nginx', 'docker.io/library/nginx:latest'],
    ['index.docker.io/library/nginx', 'docker.io/library/nginx:latest'],
    ['registry.k8s.io/pause:3.10', 'registry.k8s.io/pause:3.10'],
    ['localhost/app', 'localhost/app:latest'],
    ['localhost:5000/a/b_c__d-e.f:v1', 'localhost:5000/a/b_c__d-e.f:v1'],
    ['Foo/bar', 'Foo/bar:latest'],
    [`nginx@sha256:${'a'.repeat(64)}`, `docker.io/library/nginx@sha256:${'a'.repeat(64)}`],
    [`nginx:1@sha256:${'a'.repeat(64)}`, `docker.io/library/nginx:1@sha256:${'a'.repeat(64)}`],
  ])('%s', (image, name) => {
    expect(parseImageReference(image).name).toBe(name);
  });
});

describe('names that no registry could have', () => {
  test.each([
    ['INVALID!', 'invalid reference format: repository name (library/INVALID!) must be lowercase'],
    ['NGINX', 'invalid reference format: repository name (library/NGINX) must be lowercase'],
    ['invalid!', 'invalid reference format'],
    ['nginx:', 'invalid reference format'],
    ['nginx:-x', 'invalid reference format'],
    ['a//b', 'invalid reference format'],
    ['-a/b', 'invalid reference format'],
    ['', 'invalid reference format'],
    ['nginx@sha256:12', 'invalid reference format'],
    ['a'.repeat(64), `invalid repository name (${'a'.repeat(64)}), cannot specify 64-byte hexadecimal strings`],
  ])('%s', (image, problem) => {
    const quoted = JSON.stringify(image);
    const message = `Failed to apply default image tag ${quoted}: couldn't parse image name ${quoted}: ${problem}`;
    expect(() => parseImageReference(image)).toThrow(new ImagePullError('InvalidImageName', message));
  });
});
