import { expect, test } from 'vitest';
import { inApplyOrder } from './applyOrder.ts';

test('what others need is applied first, and equals keep their order', () => {
  const order = (kinds: string[]): string[] => inApplyOrder(kinds, (kind) => kind);
  expect(order(['Deployment', 'Service', 'ConfigMap', 'Namespace'])).toEqual(['Namespace', 'ConfigMap', 'Service', 'Deployment']);
  expect(order(['Database', 'CustomResourceDefinition', 'Pod'])).toEqual(['CustomResourceDefinition', 'Database', 'Pod']);
  expect(order(['__proto__', 'Secret', 'constructor'])).toEqual(['Secret', '__proto__', 'constructor']);
});
