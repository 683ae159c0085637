import { expect, test } from 'vitest';
import { pathInSentence } from './fieldPath.ts';

test.each([
  [
    'failed to create typed patch object (default/web; apps/v1, Kind=Deployment): .spec.replicaz: field not declared in schema',
    '.spec.replicaz',
  ],
  ['unknown field "spec.template.spec.containers[0].imag"', 'spec.template.spec.containers[0].imag'],
  ['.spec.containers[name="web"].image: expected string, got 1', '.spec.containers[name="web"].image'],
  ['deployments.apps "web" not found', undefined],
])('the path that a sentence names: %s', (sentence, path) => expect(pathInSentence(sentence)).toBe(path));
