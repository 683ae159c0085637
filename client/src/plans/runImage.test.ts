import { expect, test } from 'vitest';
import { nameOfImage, objectThatRuns, offeredImages, portsOfImage } from './runImage.ts';

test.each([
  ['nginx', 'nginx'],
  ['docker.io/library/nginx:1.29', 'nginx'],
  ['localhost:5000/My_App@sha256:0', 'my-app'],
  ['gcr.io/google-samples/gb-frontend:v5', 'gb-frontend'],
  ['example.org/3proxy', 'proxy'],
  ['example.org/123', 'app'],
])('%s is called %s', (image, name) => expect(nameOfImage(image)).toBe(name));

test('offers images under the names that people write, each with tags', () => {
  const images = offeredImages();
  expect(images.map(({ name }) => name)).toContain('busybox');
  for (const { name, tags } of images) {
    expect(name).not.toContain('docker.io');
    expect(tags.length, name).toBeGreaterThan(0);
  }
});

test('knows where images listen', () => {
  expect(portsOfImage('registry.k8s.io/echoserver:1.10')).toEqual([8080]);
  expect(portsOfImage('example.org/unknown')).toEqual([]);
  expect(portsOfImage('NOT AN IMAGE')).toEqual([]);
});

test('a pod as kubectl run makes it', () => {
  expect(objectThatRuns({ kind: 'Pod', name: 'web', namespace: 'default', image: 'nginx', port: 80 })).toMatchObject({
    kind: 'Pod',
    metadata: { name: 'web', labels: { run: 'web' } },
    spec: { containers: [{ name: 'web', image: 'nginx', ports: [{ containerPort: 80 }] }] },
  });
});

test('a Deployment as kubectl create deployment makes it', () => {
  expect(objectThatRuns({ kind: 'Deployment', name: 'shop', namespace: 'x', image: 'nginx:1.29' })).toMatchObject({
    metadata: { name: 'shop', namespace: 'x', labels: { app: 'shop' } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'shop' } },
      template: { metadata: { labels: { app: 'shop' } }, spec: { containers: [{ name: 'nginx', image: 'nginx:1.29' }] } },
    },
  });
});
