import { describe, expect, test } from 'vitest';
import { parseFieldPath, pathInSentence } from './fieldPath.ts';

const text = (path: string): string =>
  parseFieldPath(path)
    .map((step) =>
      step.kind === 'key' ? step.key : step.kind === 'index' ? `#${step.index}` : JSON.stringify(Object.fromEntries(step.keys)),
    )
    .join(' > ');

describe('field paths as the API writes them', () => {
  test.each([
    ['spec.replicas', 'spec > replicas'],
    ['.spec.replicas', 'spec > replicas'],
    ['spec.template.spec.containers[0].image', 'spec > template > spec > containers > #0 > image'],
    ['metadata.labels[app.kubernetes.io/name]', 'metadata > labels > app.kubernetes.io/name'],
    ['.spec.containers[name="web"].image', 'spec > containers > {"name":"web"} > image'],
    ['.spec.ports[port=80,protocol="TCP"].name', 'spec > ports > {"port":"80","protocol":"TCP"} > name'],
    ['data[__proto__]', 'data > __proto__'],
    ['', ''],
  ])('%s', (path, steps) => expect(text(path)).toBe(steps));
});

test.each([
  [
    'failed to create typed patch object (default/web; apps/v1, Kind=Deployment): .spec.replicaz: field not declared in schema',
    '.spec.replicaz',
  ],
  ['unknown field "spec.template.spec.containers[0].imag"', 'spec.template.spec.containers[0].imag'],
  ['.spec.containers[name="web"].image: expected string, got 1', '.spec.containers[name="web"].image'],
  ['deployments.apps "web" not found', undefined],
])('the path that a sentence names: %s', (sentence, path) => expect(pathInSentence(sentence)).toBe(path));
