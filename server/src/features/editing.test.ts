import { stringify } from 'yaml';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSourceFile } from '#common/manifests/sourceFile.ts';
import { edited, workspaceOf } from '../testing/check.ts';
import { provideFolding } from './folding.ts';
import { provideFormatting } from './formatting.ts';
import { provideSelectionRanges } from './selectionRanges.ts';
import { provideSemanticTokens } from './semanticTokens.ts';

async function formatted(text: string): Promise<string> {
  const workspace = workspaceOf(`#- /main.yaml\n${text}`);
  const edits = await provideFormatting(workspace.snapshot, workspace.file);
  return edited(workspace, edits ?? []);
}

describe('formatting', () => {
  test('keeps comments, in several documents', async () => {
    expect(
      await formatted(
        '# first\napiVersion: v1\nkind: Service   # what\nmetadata:\n    name:   web\n---\n# second\nkind: Pod\napiVersion: v1\nspec:\n    # they\n    containers: [ {name: a} ]\n',
      ),
    ).toBe(
      '# first\napiVersion: v1\nkind: Service # what\nmetadata:\n  name: web\n---\n# second\nkind: Pod\napiVersion: v1\nspec:\n  # they\n  containers: [{name: a}]\n',
    );
  });

  test.each([
    ['broken YAML', 'apiVersion: v1\nkind:   Pod\nspec: {a: [\n'],
    ['templates', 'apiVersion: v1\nkind:   {{ .Values.kind }}\n'],
    ['JSON', '{"apiVersion":   "v1", "kind": "Pod"}\n'],
    ['what is formatted', 'apiVersion: v1\nkind: Pod\n'],
  ])('leaves %s alone', async (_name, text) => {
    const { snapshot, file } = workspaceOf(`#- /main.yaml\n${text}`);
    expect(await provideFormatting(snapshot, file)).toBeUndefined();
  });

  test('a block of text stays as it is', async () => {
    const text =
      'apiVersion: v1\nkind: ConfigMap\ndata:\n    run.sh: |\n        #!/bin/sh\n\n        echo   "a"   \n    b: >-\n        one\n        two\n';
    const after = await formatted(text);
    expect(after).not.toBe(text);
    expect(parseSourceFile('file:///a.yaml', after).documents[0]?.value).toEqual(
      parseSourceFile('file:///a.yaml', text).documents[0]?.value,
    );
  });

  test('of any values: they stay the same, and a second time changes nothing', async () => {
    const text = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('yes', 'on', '1_000', '0x1f', '- a', 'a: b', '# no', 'two\nlines\n', ' lead', '~', 'null', '12:30', '{{'),
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        text,
        fc.integer(),
        fc.boolean(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.stringMatching(/^[a-z][\w./-]{0,8}$/), tie('value'), { maxKeys: 4 }),
      ),
    }));
    const comment = fc.constantFrom('', '# why\n', '#\n# more\n\n');
    await fc.assert(
      fc.asyncProperty(value, fc.constantFrom(2, 3, 4, 8), fc.boolean(), comment, async (spec, indent, indentSeq, note) => {
        const before = `${note}${stringify({ apiVersion: 'v1', kind: 'Thing', spec }, { indent, indentSeq, version: '1.1', aliasDuplicateObjects: false })}${note}`;
        const once = await formatted(before);
        expect(parseSourceFile('file:///a.yaml', once).documents.map((each) => each.value)).toEqual(
          parseSourceFile('file:///a.yaml', before).documents.map((each) => each.value),
        );
        expect(once.split('#').length).toBe(before.split('#').length);
        expect(await formatted(once)).toBe(once);
      }),
      { numRuns: 150, seed: 36 },
    );
  });
});

describe('folding', () => {
  const folded = (text: string): string[] => {
    const { snapshot, file } = workspaceOf(`#- /main.yaml\n${text}`);
    const folds = provideFolding(snapshot, file) as readonly { start: number; end: number; kind?: string }[];
    const lineOf = (offset: number): number => file.text.slice(0, offset).split('\n').length;
    return folds.map(({ start, end, kind }) => `${lineOf(start)}-${lineOf(end)}${kind ? ` ${kind}` : ''}`).sort();
  };
  test.each([
    ['maps and lists', 'spec:\n  containers:\n    - name: a\n      image: b\n    - name: c\nstatus: {}\n', ['1-5', '2-5', '3-4']],
    [
      'a list at the column of its key',
      'spec:\n  containers:\n  - name: a\n    image: b\n  restartPolicy: Always\n',
      ['1-5', '2-4', '3-4'],
    ],
    ['documents', 'a: 1\n---\nb:\n  c: 1\n---\nd: 1\n', ['2-4 region', '3-4', '5-6 region']],
    ['comments', '# one\n# two\na: 1\n# three\n', ['1-2 comment']],
    ['texts of several lines', 'a: |\n  one\n\n  two\nb: 1\n', ['1-4']],
    ['half-typed lines', 'spec:\n  repl\n  x: 1\n', ['1-3']],
    ['nothing of one line', 'a: 1\nb: 2\n', []],
  ])('%s', (_name, text, expected) => expect(folded(`apiVersion: v1\n${text}`).map(shiftBack)).toEqual(expected));

  /** Without the line that makes it a manifest. */
  const shiftBack = (fold: string): string => fold.replace(/\d+/g, (line) => String(Number(line) - 1));
});

describe('growing a selection', () => {
  const steps = (text: string): string[] => {
    const { snapshot, file, offset } = workspaceOf(text);
    const ranges = provideSelectionRanges(snapshot, file, offset) as readonly { start: number; end: number }[];
    return ranges.map(({ start, end }) => file.text.slice(start, end));
  };
  test('from a value to the whole file', () => {
    const item = '- name: web';
    expect(steps(`kind: Pod\nspec:\n  containers:\n    ${item.replace('web', 'w$0eb')}\n`)).toEqual([
      'web',
      'name: web',
      '- name: web',
      `containers:\n    ${item}`,
      `spec:\n  containers:\n    ${item}`,
      `kind: Pod\nspec:\n  containers:\n    ${item}`,
      `kind: Pod\nspec:\n  containers:\n    ${item}\n`,
    ]);
  });
  test('from a key', () => expect(steps('apiVersion: v1\nki$0nd: Pod\n').slice(0, 2)).toEqual(['kind', 'kind: Pod']));
  test('inside quotes first', () =>
    expect(steps('apiVersion: v1\nkind: "P$0od"\n').slice(0, 3)).toEqual(['Pod', '"Pod"', 'kind: "Pod"']));
  test('of what is broken at least the document', () =>
    expect(steps('apiVersion: v1\nspec: [$0\n').at(-1)).toBe('apiVersion: v1\nspec: [\n'));
});

describe('semantic tokens', () => {
  const tokens = (text: string): string[] => {
    const { snapshot, file } = workspaceOf(text);
    const found = provideSemanticTokens(snapshot, file) as readonly {
      start: number;
      end: number;
      type: string;
      unresolved?: boolean;
    }[];
    return [...found]
      .sort((a, b) => a.start - b.start)
      .map(({ start, end, type, unresolved }) => `${type} ${file.text.slice(start, end)}${unresolved ? ' ?' : ''}`);
  };
  const pod =
    '#- /main.yaml\napiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {app: web}}\nspec:\n  serviceAccountName: runner\n  containers:\n    - name: a\n      ports: [{name: http, containerPort: 80}]\n      readinessProbe: {httpGet: {port: http}}\n      livenessProbe: {httpGet: {port: htpt}}\n      env: [{name: A, valueFrom: {configMapKeyRef: {name: conf, key: x}}}]\n';
  test('references, labels, ports and keys, and what is not there', () => {
    expect(tokens(pod)).toEqual(['label web', 'reference runner ?', 'port http', 'port htpt ?', 'reference conf ?', 'key x ?']);
    const others =
      '#- /c.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata: {x: "1"}\n#- live\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: runner, namespace: default}\n';
    expect(tokens(`${pod}${others}`)).toEqual([
      'label web',
      'reference runner',
      'port http',
      'port htpt ?',
      'reference conf',
      'key x',
    ]);
  });
  test('selectors, by whether they match', () => {
    const service = (app: string): string =>
      `#- /main.yaml\napiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {selector: {app: ${app}}}\n${pod.replace('main', 'pod')}`;
    expect(tokens(service('web'))).toEqual(['label web']);
    expect(tokens(service('wbe'))).toEqual(['label wbe ?']);
  });
  test('none in what is no object', () => expect(tokens('apiVersion: v1\nkind: Pod\n')).toEqual([]));
});
