import { describe, expect, it } from 'vitest';
import { findJsonPath, parseJsonPath } from './jsonPath.ts';

const object = {
  metadata: { name: 'x', annotations: { 'a.b/c': 'ann' } },
  spec: {
    replicas: 3,
    items: [
      { name: 'a', value: 1 },
      { name: 'b', value: 2 },
      { name: 'c', value: 3 },
    ],
  },
  status: {
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'Live', status: 'False' },
    ],
  },
};

describe('findJsonPath', () => {
  it.each([
    ['.spec.replicas', [3]],
    ['{.spec.replicas}', [3]],
    ["['spec']['replicas']", [3]],
    ['.spec.missing', []],
    ['.spec.replicas.deeper', []],
    ['.spec.items[0].name', ['a']],
    ['.spec.items[-1].name', ['c']],
    ['.spec.items[7].name', []],
    ['.spec.items[0:2].name', ['a', 'b']],
    ['.spec.items[::2].name', ['a', 'c']],
    ['.spec.items[*].name', ['a', 'b', 'c']],
    ['.spec.items[0,2].name', ['a', 'c']],
    ["['metadata','spec']['name','replicas']", ['x', 3]],
    ['..status', [object.status, 'True', 'False']],
    [String.raw`.metadata.annotations.a\.b/c`, ['ann']],
    [String.raw`.metadata.annotations['a\.b/c']`, ['ann']],
    ['.status.conditions[?(@.type=="Ready")].status', ['True']],
    [".status.conditions[?(@.type != 'Ready')].status", ['False']],
    ['.spec.items[?(@.value>=2)].name', ['b', 'c']],
    ['.spec.items[?(@.missing)].name', []],
    ['.spec.constructor', []],
  ])('%s', (text, expected) => {
    const path = parseJsonPath(text);
    expect(path && findJsonPath(path, object)).toEqual(expected);
  });

  it.each(['.a[', '.a[x', '.a[b]', '.a[?(@.x==]'])('%s is no path', (text) => {
    expect(parseJsonPath(text)).toBeUndefined();
  });
});
