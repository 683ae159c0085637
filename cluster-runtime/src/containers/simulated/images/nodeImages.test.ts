import { describe, expect, test } from 'vitest';
import { TestBed } from '../testing/testBed.ts';

const never = new AbortController().signal;

describe('pulling', () => {
  test('takes time by size, once for all who wait on a node', async () => {
    const bed = new TestBed('typical');
    const first = bed.runtime.pull('node-1', 'nginx', never);
    const second = bed.runtime.pull('node-1', 'docker.io/library/nginx:latest', never);
    expect(bed.clock.pending).toBe(1);
    expect(bed.runtime.imageOnNode('node-1', 'nginx')).toBeUndefined();
    await bed.advance(10_000);
    const info = await first;
    expect(await second).toEqual(info);
    expect(info.name).toBe('docker.io/library/nginx:latest');
    expect(info.imageID).toMatch(/^docker\.io\/library\/nginx@sha256:[0-9a-f]{64}$/);
    expect(bed.runtime.imagesOnNode('node-1')).toEqual([info]);
    expect(bed.runtime.imageOnNode('node-2', 'nginx')).toBeUndefined();
  });

  test('brings layers only that the node lacks', async () => {
    const timeFor = async (...images: string[]): Promise<number> => {
      const bed = new TestBed('typical');
      let began = 0;
      for (const image of images) {
        began = bed.clock.now();
        await bed.finish(bed.runtime.pull('node-1', image, never));
      }
      return bed.clock.now() - began;
    };
    expect(await timeFor('nginx', 'redis')).toBeLessThan(await timeFor('redis'));
  });

  test('ends for the one who aborts, and goes on for the others', async () => {
    const bed = new TestBed('typical');
    const abort = new AbortController();
    const impatient = bed.runtime.pull('node-1', 'nginx', abort.signal);
    const patient = bed.runtime.pull('node-1', 'nginx', never);
    abort.abort(new Error('gone'));
    await expect(impatient).rejects.toThrow('gone');
    await bed.advance(10_000);
    expect((await patient).name).toBe('docker.io/library/nginx:latest');
  });

  test('leaves no timer when everybody has aborted', async () => {
    const bed = new TestBed('typical');
    const abort = new AbortController();
    const pull = bed.runtime.pull('node-1', 'nginx', abort.signal);
    abort.abort(new Error('gone'));
    await expect(pull).rejects.toThrow('gone');
    expect(bed.clock.pending).toBe(0);
  });

  test.each(['nginx:1.161', 'busybox:nope', 'redis:99'])('of a missing tag fails: %s', async (image) => {
    const bed = new TestBed('typical');
    const pull = bed.runtime.pull('node-1', image, never);
    const name = `docker.io/library/${image}`;
    const refused = expect(pull).rejects.toMatchObject({
      reason: 'ErrImagePull',
      message: `failed to pull and unpack image "${name}": failed to resolve reference "${name}": ${name}: not found`,
    });
    await bed.advance(10_000);
    await refused;
  });

  test.each([
    'nginx:1.14.2',
    'nginx:1.27-alpine',
    'redis:6.0.5',
    'busybox:1.28',
    'perl:5.34.0',
    'registry.k8s.io/pause:3.10',
    'mongo:5.0',
    'somebody/app:v7',
  ])('of an ordinary tag works without latency at once: %s', async (image) => {
    const bed = new TestBed('none');
    await bed.runtime.pull('node-1', image, never);
    expect(bed.clock.pending).toBe(0);
    expect(bed.runtime.imageOnNode('node-1', image)).toBeDefined();
  });

  test('is not needed again after a restart', () => {
    const bed = new TestBed('typical');
    bed.runtime.restoreImages?.('node-1', ['nginx:1.27', 'docker.io/library/redis:7', 'nginx:1.161', 'NOT A NAME']);
    expect(bed.runtime.imagesOnNode('node-1').map(({ name }) => name)).toEqual([
      'docker.io/library/nginx:1.27',
      'docker.io/library/redis:7',
    ]);
  });

  test('tells the user an image runs as, where that is known', async () => {
    const bed = new TestBed('none');
    const uids = ['nginx', 'gcr.io/google-samples/hello-app:1.0', 'somebody/app'].map(
      async (image) => (await bed.runtime.pull('node-1', image, never)).uid,
    );
    expect(await Promise.all(uids)).toEqual([0, 65532, undefined]);
  });

  test('is never needed for registry.example', async () => {
    const bed = new TestBed('typical');
    expect(bed.runtime.imageOnNode('node-1', 'registry.example/app:1')).toMatchObject({
      name: 'registry.example/app:1',
      imageID: '',
    });
    expect((await bed.runtime.pull('node-1', 'registry.example/app:1', never)).name).toBe('registry.example/app:1');
    expect(bed.clock.pending).toBe(0);
  });
});
