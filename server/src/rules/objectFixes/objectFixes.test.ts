/** Fixes of objects that the API server would refuse, and of their order: each is made, and what comes out has to be valid. */
import { describe, expect, test } from 'vitest';
import { diagnosticsOf } from '../../testing/check.ts';
import { made } from '../../testing/madeEdits.ts';
import { invalidObject } from '../invalidObject.ts';
import { usedBeforeDefined } from '../usedBeforeDefined.ts';

const plain = (container: string, head = 'Deployment'): string => `# The shop's front.
apiVersion: apps/v1
kind: ${head}
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web, tier: front}
    spec:
      containers:
        - name: web
          image: nginx:1.27
${container}`;

describe('fixes of invalid objects', () => {
  const fixed = (fixture: string, title: string): string => {
    const { workspace, found } = diagnosticsOf(invalidObject, fixture);
    const { snapshot, file } = workspace;
    const fixes = (found.get(file.uri) ?? []).flatMap((diagnostic) => invalidObject.fixes?.(snapshot, file, diagnostic) ?? []);
    const fix = fixes.find((each) => each.title === title);
    if (!fix) throw new Error(`"${title}" is not offered, but: ${fixes.map((each) => each.title).join(', ') || 'nothing'}`);
    return made(workspace, fix);
  };
  const mount = plain('          volumeMounts:\n            - {name: data, mountPath: /data} # ours\n');

  test('a volume for a mount', () => {
    expect(fixed(mount, 'Add the volume "data" as an empty directory')).toBe(
      `${mount}      volumes:\n        - name: data\n          emptyDir: {}\n`,
    );
  });

  test('of the claim that is called so, beside others', () => {
    const claim =
      '---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data, namespace: shop}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n';
    const text = fixed(
      `${mount}      volumes:\n        - name: other\n          emptyDir: {}\n${claim}`,
      'Add the volume "data" of the claim',
    );
    expect(text).toContain(
      '          emptyDir: {}\n        - name: data\n          persistentVolumeClaim:\n            claimName: data\n---\n',
    );
  });

  const mismatch = plain('').replace('matchLabels: {app: web}', 'matchLabels: {app: shop} # by name');

  test("the selector takes the template's label", () => {
    expect(fixed(mismatch, "Change the selector to the template's labels")).toBe(
      plain('').replace('{app: web}\n', '{app: web} # by name\n'),
    );
  });

  test("the template takes the selector's", () => {
    expect(fixed(mismatch, "Change the template's labels to what the selector asks for")).toContain(
      'labels: {app: shop, tier: front}',
    );
  });

  test('also where it has none', () => {
    const bare = plain('').replace('    metadata:\n      labels: {app: web, tier: front}\n', '');
    expect(fixed(bare, "Change the template's labels to what the selector asks for")).toContain(
      '\n    metadata:\n      labels:\n        app: web\n',
    );
  });

  test('nothing for other problems', () => {
    const { workspace, found } = diagnosticsOf(invalidObject, plain('          imagePullPolicy: Sometimes\n'));
    const all = [...found.values()].flat();
    expect(all).toHaveLength(1);
    expect(all.flatMap((each) => invalidObject.fixes?.(workspace.snapshot, workspace.file, each) ?? [])).toEqual([]);
  });
});

describe('move up what is used', () => {
  const fixed = (fixture: string): string | undefined => {
    const { workspace, found } = diagnosticsOf(usedBeforeDefined, fixture);
    const { snapshot, file } = workspace;
    const [diagnostic] = found.get(file.uri) ?? [];
    const [fix] = (diagnostic && usedBeforeDefined.fixes?.(snapshot, file, diagnostic)) ?? [];
    return fix && made(workspace, fix);
  };
  const user = plain('          envFrom: [{configMapRef: {name: a}}]\n');
  const used = '# What it reads.\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n';
  const other = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other, namespace: shop}\n';

  test.each([
    ['from the end', `${user}---\n${used}`, `${used}---\n${user}`],
    ['from the middle', `${user}---\n${used}---\n${other}`, `${used}---\n${user}---\n${other}`],
    ['before a document that is not the first', `${other}---\n${user}---\n${used}`, `${other}---\n${used}---\n${user}`],
    ['with a mark at the top', `---\n${user}---\n${used}`, `---\n${used}---\n${user}`],
  ])('%s', (_where, fixture, expected) => {
    expect(fixed(fixture)).toBe(expected);
  });

  test('not out of a List', () => {
    const item = (yaml: string): string =>
      `  - ${yaml
        .replace(/^#.*\n/, '')
        .trimEnd()
        .replaceAll('\n', '\n    ')}\n`;
    expect(fixed(`apiVersion: v1\nkind: List\nitems:\n${item(user)}${item(used)}`)).toBeUndefined();
  });
});
