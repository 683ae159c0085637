import { describe, expect, test } from 'vitest';
import { createLog, type LogRecord, silentLog } from '#common/base/log.ts';
import { checkDiagnostics, workspaceOf } from '../testing/check.ts';
import { duplicateKey } from './duplicateKey.ts';
import { invalidObject } from './invalidObject.ts';
import { defineRule, type Rule } from './rule.ts';
import { RuleRunner } from './runner.ts';

const pod = (extra = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  name: b${extra}\nspec: {containers: [{name: c, image: i}]}\n`;

describe('silencing', () => {
  test.each([
    ['on its line', pod(' # kube-playground-ignore duplicate-key')],
    ['on the line before', pod().replace('  name: b', '  # kube-playground-ignore duplicate-key\n  name: b')],
    ['without naming a rule', pod(' # kube-playground-ignore')],
    ['among others', pod(' # kube-playground-ignore invalid-object, duplicate-key')],
    ['for the file', `# kube-playground-ignore-file duplicate-key\n${pod()}`],
  ])('%s', (_name, text) => expect(checkDiagnostics(duplicateKey, text)).toEqual([]));

  test.each([
    ['another rule', pod(' # kube-playground-ignore invalid-object')],
    ['another line', pod().replace('kind: Pod', 'kind: Pod # kube-playground-ignore duplicate-key')],
  ])('not %s', (_name, text) => expect(() => checkDiagnostics(duplicateKey, text)).toThrow('unexpected'));
});

/** Counts how often it looks. */
function counting(needs: Rule['needs']): { rule: Rule; count: () => number } {
  let count = 0;
  const rule = defineRule({
    ...duplicateKey,
    id: 'counting',
    needs,
    *check({ snapshot, object }) {
      count++;
      if (needs === 'document' || object?.gvk.kind !== 'Service') return;
      for (const link of object.links) if (link.type === 'selector') snapshot.graph.matched(link);
    },
  });
  return { rule, count: () => count };
}

describe('what is looked at again', () => {
  const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {selector: {app: web}}\n';
  const workload = (label: string, image = 'i'): string => `apiVersion: v1
kind: Pod
metadata: {name: p, labels: {app: ${label}}}
spec: {containers: [{name: c, image: ${image}}]}
`;

  function run(needs: Rule['needs'], edit: string): number {
    const { rule, count } = counting(needs);
    const { index, snapshot } = workspaceOf(`${service}---\n${workload('web')}`);
    const runner = new RuleRunner([rule], silentLog);
    const look = (): void => void index.files().forEach((file) => runner.diagnose(snapshot, file));
    look();
    const before = count();
    index.setOpen('file:///main.yaml', `${service}---\n${edit}`, 2);
    look();
    return count() - before;
  }

  test.each<[string, Rule['needs'], string, number]>([
    ['nothing when nothing changed', 'graph', workload('web'), 0],
    ['only the edited document', 'document', workload('api'), 1],
    ['the edited document, when its labels stay', 'graph', workload('web', 'j'), 1],
    ['also whose selector the labels concern', 'graph', workload('api'), 2],
  ])('%s', (_name, needs, edit, expected) => expect(run(needs, edit)).toBe(expected));

  test('findings move with their document', () => {
    const { index, snapshot } = workspaceOf(`${workload('web')}---\n${pod()}`);
    const runner = new RuleRunner([duplicateKey], silentLog);
    const places = (): string[] =>
      index
        .files()
        .flatMap((file) => runner.diagnose(snapshot, file).map(({ range }) => file.text.slice(range.start, range.end)));
    expect(places()).toEqual(['name']);
    index.setOpen('file:///main.yaml', `${workload('a-longer-one')}---\n${pod()}`, 2);
    expect(places()).toEqual(['name']);
  });
});

test('a rule that fails finds nothing, is told of once, and stops no other', () => {
  const records: LogRecord[] = [];
  const failing = defineRule({
    ...duplicateKey,
    id: 'failing',
    check: () => {
      throw new Error('oh');
    },
  });
  const { file, snapshot } = workspaceOf(`${pod()}---\n${pod()}`);
  const runner = new RuleRunner(
    [failing, duplicateKey],
    createLog('test', (record) => records.push(record)),
  );
  expect(runner.diagnose(snapshot, file).map(({ rule }) => rule)).toEqual(['duplicate-key', 'duplicate-key']);
  expect(records.map(({ message }) => message)).toEqual(['rule failing failed']);
});

describe('what the API server would reject', () => {
  test.each([
    [
      'a wrong type',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers: x\n#             ^ error: json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container\n',
    ],
    [
      'all wrong types',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 1}\n#                ^ error: json: cannot unmarshal number…\ndata:\n  a: 1\n#    ^ error: json: cannot unmarshal number…\n',
    ],
    [
      'a quantity',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n    - name: c\n      image: i\n      resources: {limits: {cpu: lots}}\n#                               ^^^^ error: quantities must match…\n',
    ],
    [
      'a name',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: A_B}\n#                ^^^ error: metadata.name: Invalid value: "A_B": a lowercase RFC 1123 subdomain…\n',
    ],
    [
      'a missing name',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {labels: {a: b}}\n#<^^^^^^^^ error: metadata.name: Required value: name or generateName is required\n',
    ],
    [
      'an unknown kind of Kubernetes',
      'apiVersion: apps/v1\nkind: Deploymint\n#     ^^^^^^^^^^ error: no matches for kind "Deploymint" in version "apps/v1"\nmetadata: {name: a}\n',
    ],
    ['a kind that is no text', "apiVersion: v1\nkind: 12\n#     ^^ error: couldn't get version/kind…\n"],
    [
      'a custom kind by its definition',
      `apiVersion: x.io/v1
kind: Thing
metadata: {name: t}
spec:
  size: many
#       ^^^^ error: spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"
  color: red
# ^^^^^ error: unknown field "spec.color"
#- /crd.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.x.io}
spec:
  group: x.io
  scope: Namespaced
  names: {plural: things, singular: thing, kind: Thing, listKind: ThingList}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}}}}}}}]
`,
    ],
  ])('%s', (_name, text) => void checkDiagnostics(invalidObject, text));

  test.each([
    ['a kind of somebody else', 'apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: a}\nspec: {anything: 1}\n'],
    ['a generated name', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: a-}\n'],
    ['a template', 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ .Release.Name }}}\nspec: {}\n'],
    ['broken YAML', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a\n'],
  ])('says nothing of %s', (_name, text) => expect(checkDiagnostics(invalidObject, text)).toEqual([]));
});
