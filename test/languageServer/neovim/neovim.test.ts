/** Neovim's own client drives the server: an editor that shares no code with ours. Skipped where it is not installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectFolder } from '../../support/testCluster.ts';

const server = process.env['KUBE_PLAYGROUND_SERVER'] ?? path.join(projectFolder, 'server/src/main.ts');
const isInstalled = spawnSync('nvim', ['--version']).status === 0;
if (!isInstalled && process.env['CI']) throw new Error('nvim is not installed, and CI must have it');

const service = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - {port: 80, targetPort: nothing}

`;
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - {name: web, image: nginx, ports: [{name: http, containerPort: 80}]}
`;

interface Answers {
  readonly problem?: string;
  readonly attached: boolean;
  readonly diagnostics: readonly { readonly line: number; readonly message: string }[];
  readonly definition: readonly { readonly uri: string }[];
  readonly hover: { readonly contents: { readonly value: string } };
  readonly completion: { readonly items: readonly { readonly label: string }[] };
  readonly renamed: boolean;
}

describe.skipIf(!isInstalled)('Neovim', () => {
  let folder: string;
  let answers: Answers;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'kube-playground-neovim-'));
    writeFileSync(path.join(folder, 'service.yaml'), service);
    writeFileSync(path.join(folder, 'deployment.yaml'), deployment);
    const output = path.join(folder, 'answers.json');
    const script = path.join(import.meta.dirname, 'drive.lua');
    const env = {
      ...process.env,
      SERVER: server,
      FOLDER: folder,
      OUTPUT: output,
      NODE: process.execPath,
      XDG_STATE_HOME: folder,
    };
    execFileSync('nvim', ['--headless', '--clean', '-n', '-c', `luafile ${script}`], { env, timeout: 50_000, stdio: 'pipe' });
    answers = JSON.parse(readFileSync(output, 'utf8')) as Answers;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('attaches and hears of what is wrong', () => {
    expect(answers.problem).toBeUndefined();
    expect(answers.attached).toBe(true);
    expect(answers.diagnostics).toMatchObject([{ line: 8, message: expect.stringContaining('nothing') as unknown }]);
  });

  test('hovers over a selector, jumps to the pods that it matches, lists fields', () => {
    expect(answers.hover.contents.value).toContain('Deployment');
    expect(answers.definition.map(({ uri }) => uri)).toEqual([pathToFileURL(path.join(folder, 'deployment.yaml')).href]);
    expect(answers.completion.items.map(({ label }) => label)).toContain('externalTrafficPolicy');
  });

  test('renames a label in both files', () => {
    expect(answers.renamed).toBe(true);
    expect(readFileSync(path.join(folder, 'service.yaml'), 'utf8')).toBe(service.replace('app: web', 'app: front'));
    expect(readFileSync(path.join(folder, 'deployment.yaml'), 'utf8')).toBe(deployment.replaceAll('app: web', 'app: front'));
  });
});
