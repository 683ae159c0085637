import { describe, expect, test } from 'vitest';
import { parseFieldPath, stepsText } from './fieldSteps.ts';

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
  [['spec', 'containers', 0, 'name'], 'spec.containers[0].name'],
  [['metadata', 'labels', 'app.kubernetes.io/name'], 'metadata.labels[app.kubernetes.io/name]'],
  [[], ''],
])('steps as text: %j', (steps, text) => expect(stepsText(steps)).toBe(text));
