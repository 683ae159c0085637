import { describe, expect, test } from 'vitest';
import { stepsText } from './fieldSteps.ts';
import { documentAt, parseSourceFile } from './sourceFile.ts';

/** `position path "typed" [siblings]` at the `|`. */
function at(text: string): string | undefined {
  const offset = text.indexOf('|');
  const file = parseSourceFile('file:///a.yaml', text.slice(0, offset) + text.slice(offset + 1));
  const found = documentAt(file, offset)?.pathAt(offset);
  if (!found) return undefined;
  const siblings = found.siblings.length > 0 ? ` [${found.siblings.join(',')}]` : '';
  return `${found.position} ${stepsText(found.path) || '/'} "${found.typed}"${siblings}`;
}

describe('where somebody types', () => {
  test.each([
    ['a field at the top', 'apiVersion: v1\nki|', 'key / "ki" [apiVersion]'],
    ['a field in a map', 'spec:\n  repl|\n', 'key spec "repl"'],
    ['a field on an empty line', 'spec:\n  replicas: 1\n  |\n', 'key spec "" [replicas]'],
    ['a field between others', 'spec:\n  replicas: 1\n  te|\n  selector: {}\n', 'key spec "te" [replicas,selector]'],
    ['an empty value', 'spec:\n  replicas: |\n', 'value spec.replicas ""'],
    ['a value', 'spec:\n  type: Clus|\n', 'value spec.type "Clus"'],
    ['a value in quotes', 'spec:\n  type: "Clus|"\n', 'value spec.type "Clus"'],
    ['the first field of an item', 'spec:\n  containers:\n    - na|\n', 'key spec.containers[0] "na"'],
    ['another field of an item', 'spec:\n  containers:\n    - name: a\n      im|\n', 'key spec.containers[0] "im" [name]'],
    [
      'a field of the second item',
      'spec:\n  containers:\n    - name: a\n      image: b\n    - name: c\n      |\n',
      'key spec.containers[1] "" [name]',
    ],
    ['a list at the same column', 'spec:\n  containers:\n  - name: a\n    im|\n', 'key spec.containers[0] "im" [name]'],
    ['behind such a list', 'spec:\n  containers:\n  - name: a\n  rest|\n', 'key spec "rest" [containers]'],
    ['a scalar item', 'args:\n  - one\n  - tw|\n', 'key args[1] "tw"'],
    [
      'deep in an item',
      'containers:\n- name: a\n  env:\n  - name: X\n    valueFrom:\n      conf|\n',
      'key containers[0].env[0].valueFrom "conf"',
    ],
    [
      'a value in an item',
      'env:\n  - name: X\n    valueFrom:\n      secretKeyRef:\n        key: |\n',
      'value env[0].valueFrom.secretKeyRef.key ""',
    ],
    ['after a block of text', 'data:\n  a: x\nspec:\n  script: >\n    one\n    two\n  na|\n', 'key spec "na" [script]'],
    ['in flow', 'selector: {app: w|}\n', 'value selector.app "w"'],
    ['a key in flow', 'selector: {app: web, ti|}\n', 'key selector "ti" [app]'],
    ['in the second document', 'a: 1\n---\nspec:\n  b|\n', 'key spec "b"'],
    ['in a comment', 'a: 1 # he|\n', undefined],
    ['in an item of a List', 'kind: List\napiVersion: v1\nitems:\n- kind: Pod\n  spec:\n    no|\n', 'key spec "no"'],
    ['with CRLF', 'spec:\r\n  replicas: 1\r\n  te|\r\n', 'key spec "te" [replicas]'],
  ])('%s', (_name, text, expected) => expect(at(text)).toBe(expected));
});
