import { expect, test } from 'vitest';
import type { ApiClient } from './apiClient.ts';
import { Resources } from './resources.ts';

/** Serves `example.com/v1` with the kinds that are in the list at the moment, and counts how often it is asked. */
function served(...kinds: string[]): { resources: Resources; kinds: string[]; asked(): number } {
  let asked = 0;
  const get = (): Promise<unknown> => {
    asked++;
    const resources = kinds.map((kind) => ({ name: `${kind.toLowerCase()}s`, kind, namespaced: true }));
    return Promise.resolve({ resources });
  };
  return { resources: new Resources({ get } as unknown as ApiClient), kinds, asked: () => asked };
}

const widget = { apiVersion: 'example.com/v1', kind: 'Widget', name: 'w' };
const gadget = { ...widget, kind: 'Gadget' };

test('what is known is not asked for again', async () => {
  const { resources, asked } = served('Widget');
  expect(await resources.pathOf(widget)).toBe('/apis/example.com/v1/namespaces/default/widgets/w');
  expect(await resources.pathOf({ ...widget, namespace: 'shop' })).toContain('/namespaces/shop/');
  expect(asked()).toBe(1);
});

test('a kind that comes into a group which is known is found at once', async () => {
  const { resources, kinds } = served('Widget');
  await resources.pathOf(widget);
  kinds.push('Gadget');
  expect(await resources.pathOf(gadget)).toContain('/gadgets/w');
});

test('those who ask at the same time share one answer', async () => {
  const { resources, kinds, asked } = served('Widget');
  await resources.pathOf(widget);
  kinds.push('Gadget');
  const paths = await Promise.all([resources.pathOf(gadget), resources.pathOf(widget), resources.pathOf(gadget)]);
  expect(paths.every((path) => path !== undefined)).toBe(true);
  expect(asked()).toBe(2);
});

test('a kind that is nowhere is none, and may come later', async () => {
  const { resources, kinds } = served();
  expect(await resources.pathOf(widget)).toBeUndefined();
  kinds.push('Widget');
  expect(await resources.pathOf(widget)).toBeDefined();
});
