/** Saving applies: what is told of it, in which order, and how it is switched off, refused, disputed and taken back. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ConfigMap, Deployment } from '#common/schema/generated/types.ts';
import { kubectl, object } from './support/api.ts';
import { choose } from './support/dialogs.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import { web } from './support/manifests.ts';
import { notes } from './support/textEditor.ts';

const configMap = (name: string, namespace = 'default'): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  namespace: ${namespace}
data:
  color: blue
`;

const files = {
  'web.yaml': web,
  'single.yaml': configMap('single'),
  'pair.yaml': `${configMap('first')}---\n${configMap('second')}`,
  'order/a-content.yaml': `# new
${configMap('inside', 'shop')}---
apiVersion: example.com/v1
kind: Widget
metadata:
  name: first
  namespace: shop
spec:
  size: 3
`,
  'order/b-definition.yaml': `# new
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
spec:
  group: example.com
  scope: Namespaced
  names:
    plural: widgets
    singular: widget
    kind: Widget
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          x-kubernetes-preserve-unknown-fields: true
`,
  'order/c-namespace.yaml': '# new\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n',
};

let editor: Editor;
let window: EditorWindow;

beforeAll(async () => {
  editor = await Editor.start({ files });
  window = await editor.openWindow();
  await window.startCluster();
});
beforeEach(() => pictureOnFailure(() => window));
afterAll(() => editor?.close());

const deployment = (): Deployment | undefined => object<Deployment>(editor, 'deployment', 'web');
const color = (name: string): string | undefined => object<ConfigMap>(editor, 'configmap', name)?.data?.['color'];
const inShop = (): string[] => kubectl(editor, 'get', 'widget/first', 'configmap/inside', '-n', 'shop', '-o', 'name').split('\n');
const note = async (): Promise<string | undefined> => (await notes(window))[0];
const titleButton = (title: string): ReturnType<typeof window.page.locator> =>
  window.page.locator(`.editor-actions .action-label[aria-label^="${title}"]`);
const switchOn = (): ReturnType<typeof window.page.locator> =>
  window.page.locator('.statusbar-item', { hasText: 'apply on save', has: window.page.locator('.codicon-check') });
const switchOff = (): ReturnType<typeof window.page.locator> =>
  window.page.locator('.statusbar-item', { hasText: 'apply on save', has: window.page.locator('.codicon-circle-slash') });

/** Saves the small file, whose object follows: whatever was saved before has been looked at then. */
async function saveSingle(value: string): Promise<void> {
  await window.openFile('single.yaml');
  await window.retypeLine(7, `  color: ${value}`);
  await window.save();
  await expect.poll(() => color('single')).toBe(value);
}

test('who says no is left alone; the switch in the status bar turns it on', async () => {
  await window.openFile('web.yaml');
  await window.page.keyboard.press('Control+S');
  await choose(window, 'Not in This Workspace');
  await switchOff().waitFor();
  await window.retypeLine(6, '  replicas: 4');
  await window.save();
  await switchOff().click();
  await switchOn().waitFor();
  await saveSingle('green');
  expect(deployment()).toBeUndefined();
});

test('the first line says what became of the object, and the status bar counts', async () => {
  await window.openFile('web.yaml');
  await window.retypeLine(6, '  replicas: 2');
  await window.save();
  await expect.poll(note).toBe('created · pods 0 → 2');
  await window.retypeLine(6, '  replicas: 3');
  await expect.poll(note).toBeUndefined();
  await window.save();
  await window.statusItem('1 applied').waitFor();
  await expect.poll(note).toBe('applied · pods 2 → 3');
  expect(deployment()?.spec?.replicas).toBe(3);
});

test('what the API server says against a save stands at the field', async () => {
  await window.retypeLine(9, '      app: shop');
  await window.retypeLine(13, '        app: shop');
  await window.save();
  await expect.poll(note).toBe('not applied');
  const panel = window.page.locator('.part.panel');
  const problems = await window.problems();
  const problem = problems.filter({ hasText: 'field is immutable' });
  await problem.waitFor();
  expect(await problem.innerText()).toMatch(/kube-playground \(Deployment\)[\s\S]*Ln (7|8|9),/);
  await window.retypeLine(9, '      app: web');
  await window.retypeLine(13, '        app: web');
  await window.save();
  await problem.waitFor({ state: 'detached' });
  await panel.getByRole('button', { name: 'Hide Panel' }).first().click();
  await window.goTo(1);
  await expect.poll(note).toBe('unchanged');
});

test('files that are saved together are applied by dependency', async () => {
  for (const file of Object.keys(files).filter((name) => name.startsWith('order/'))) {
    await window.openFile(file);
    await window.retypeLine(1, '# saved');
  }
  await window.command('File: Save All');
  await window.statusItem('4 created').waitFor();
  expect(inShop()).toEqual(['widget.example.com/first', 'configmap/inside']);
  expect(await window.page.locator('.notification-toast').count()).toBe(0);
});

test('a conflict names the owner of the field; taking over settles it', async () => {
  kubectl(editor, 'scale', 'deployment/web', '--replicas=5');
  await window.openFile('web.yaml');
  await window.goTo(1);
  await window.page.keyboard.press('Control+S');
  await window.notification('deployment/web (.spec.replicas: kubectl)').waitFor();
  await expect.poll(note).toBe('not applied: conflict');
  expect(deployment()?.spec?.replicas).toBe(5);
  await choose(window, 'Take Over');
  await expect.poll(note).toBe('applied · pods 5 → 3');
  expect(deployment()?.spec?.replicas).toBe(3);
});

test('taking the last apply back gives the field back to its owner', async () => {
  await window.command('Kube Playground: Revert Last Apply');
  await expect.poll(() => deployment()?.spec?.replicas).toBe(5);
  await expect.poll(note).toBeUndefined();
  expect(editor.read('web.yaml')).toContain('replicas: 3');
  // What was saved before that stays.
  expect(inShop()).toHaveLength(2);
});

test('what went with its document comes back by taking the last apply back', async () => {
  await window.openFile('pair.yaml');
  await window.page.keyboard.press('Control+S');
  await expect.poll(() => color('second')).toBe('blue');
  await expect.poll(() => notes(window)).toEqual(['created', 'created']);
  await window.goTo(8);
  await window.page.keyboard.press('Control+Shift+End');
  await window.page.keyboard.press('Delete');
  await window.save();
  await window.notification('No longer in the file, but still in the cluster: configmap/second').waitFor();
  await choose(window, 'Delete');
  await expect.poll(() => color('second')).toBeUndefined();
  await window.command('Kube Playground: Revert Last Apply');
  await expect.poll(() => color('second')).toBe('blue');
  expect(color('first')).toBe('blue');
});

test('what is to be kept is kept', async () => {
  await window.openFile('order/a-content.yaml');
  await window.goTo(1);
  await window.page.keyboard.press('Control+A');
  await window.page.keyboard.press('Delete');
  await window.save();
  await window.notification('widget/first').waitFor();
  await choose(window, 'Keep');
  expect(inShop()).toHaveLength(2);
});

test('the switch in the title bar turns it off and on', async () => {
  await window.openFile('web.yaml');
  await titleButton('Turn Off Apply on Save').click();
  await switchOff().waitFor();
  await window.retypeLine(6, '  replicas: 1');
  await window.save();
  await titleButton('Turn On Apply on Save').click();
  await switchOn().waitFor();
  await saveSingle('red');
  expect(deployment()?.spec?.replicas).toBe(5);
});
