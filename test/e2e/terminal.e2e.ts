/** Terminals on a machine without kubectl: those that are opened while the cluster runs have one, and it does its work. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Deployment, Service } from '#common/schema/generated/types.ts';
import { kubectl, object } from './support/api.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import { web } from './support/manifests.ts';
import { Terminal } from './support/terminal.ts';

let editor: Editor;
let window: EditorWindow;
let terminal: Terminal;

beforeAll(async () => {
  editor = await Editor.start({ files: { 'web.yaml': web }, withoutKubectl: true });
  window = await editor.openWindow();
});
beforeEach(() => pictureOnFailure(() => window));
afterAll(() => editor?.close());

const whereItReaches = 'echo "[$KUBECONFIG]"; command -v kubectl || echo none';

test('before the start a terminal has neither a kubectl nor a cluster', async () => {
  await window.openView();
  terminal = await Terminal.open(editor, window);
  expect(await terminal.run(whereItReaches)).toBe('[]\nnone');
});

test('a terminal that is in use stays as it is when the cluster starts, and is marked', async () => {
  await window.startCluster();
  await window.page
    .locator('.pane-header, .terminal-tabs-entry, .single-terminal-tab', { has: window.page.locator('.codicon-warning') })
    .first()
    .waitFor();
  expect(await terminal.run(whereItReaches)).toBe('[]\nnone');
});

test('a new one has a kubectl that reaches the cluster', async () => {
  terminal = await Terminal.open(editor, window);
  expect(await terminal.run('kubectl get nodes -o name')).toBe('node/node-1\nnode/node-2\nnode/node-3');
  expect(await terminal.run('echo "$KUBECONFIG"')).toBe(editor.runtime()?.kubeconfig);
});

test('apply -f, and what get says of it', async () => {
  expect(await terminal.run('kubectl apply -f web.yaml')).toBe('deployment.apps/web created');
  await terminal.screen.getByText('deployment.apps/web created').first().waitFor();
  await window.row('Deployment', 'web').locator('.ready', { hasText: '3/3' }).waitFor();
  const pods = (await terminal.run('kubectl get pods')).split('\n');
  expect(pods[0]).toMatch(/^NAME +READY +STATUS +RESTARTS +AGE$/);
  expect(pods.slice(1).map((pod) => pod.replace(/^web-\w+-\w+ +/, '').replace(/ +/g, ' '))).toEqual(
    Array.from({ length: 3 }, () => expect.stringMatching(/^1\/1 Running 0 \d+s$/) as string),
  );
  expect(await terminal.run('kubectl apply -f web.yaml')).toBe('deployment.apps/web unchanged');
});

test('scale', async () => {
  expect(await terminal.run('kubectl scale deployment web --replicas=2')).toBe('deployment.apps/web scaled');
  await window.row('Deployment', 'web').locator('.ready', { hasText: '2/2' }).waitFor();
  expect(object<Deployment>(editor, 'deployment', 'web')?.spec?.replicas).toBe(2);
});

test('expose', async () => {
  expect(await terminal.run('kubectl expose deployment web --port=80 --type=NodePort')).toBe('service/web exposed');
  await window.row('Service', 'web').waitFor();
  expect(object<Service>(editor, 'service', 'web')?.spec).toMatchObject({ type: 'NodePort', selector: { app: 'web' } });
});

test('describe tells what the real one tells', async () => {
  expect(await terminal.run('kubectl describe service web')).toBe(kubectl(editor, 'describe', 'service', 'web'));
  const described = await terminal.run('kubectl describe deployment web');
  expect(described).toMatch(/^Replicas: +2 desired \| 2 updated \| 2 total \| 2 available \| 0 unavailable$/m);
  expect(described).toMatch(/Scaled down replica set web-\w+ from 3 to 2$/m);
});

test('exec and logs', async () => {
  const pod = kubectl(editor, 'get', 'pods', '-l', 'app=web', '-o', 'jsonpath={.items[0].metadata.name}');
  expect(await terminal.run(`kubectl exec ${pod} -- hostname`)).toBe(pod);
  expect(await terminal.run(`kubectl exec ${pod} -- curl -s http://127.0.0.1/`)).toContain('Welcome to nginx!');
  expect(await terminal.run(`kubectl logs ${pod}`)).toBe(kubectl(editor, 'logs', pod));
  expect(await terminal.run(`kubectl logs ${pod} --tail=1`)).toContain('"GET / HTTP/1.1" 200');
});

test('what is wrong is said as kubectl says it, with its exit status', async () => {
  expect(await terminal.run('kubectl get pod nobody; echo $?')).toBe('Error from server (NotFound): pods "nobody" not found\n1');
});

test('delete', async () => {
  expect(await terminal.run('kubectl delete -f web.yaml')).toContain('deployment.apps "web" deleted');
  await window.row('Deployment', 'web').waitFor({ state: 'detached' });
  expect(object(editor, 'deployment', 'web')).toBeUndefined();
});

test('after Stop Cluster a new terminal knows nothing of it; after the next start it does', async () => {
  await window.command('Kube Playground: Stop Cluster');
  await window.tree.locator('button.primary').waitFor();
  terminal = await Terminal.open(editor, window);
  expect(await terminal.run(whereItReaches)).toBe('[]\nnone');
  await window.command('Kube Playground: Start Cluster');
  await window.statusItem('3 nodes').waitFor();
  terminal = await Terminal.open(editor, window);
  expect(await terminal.run('kubectl get service web -o name')).toBe('service/web');
});
