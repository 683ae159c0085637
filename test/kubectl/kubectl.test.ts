/**
 * Drives one cluster with every kubectl of this machine, each in a namespace of its own and all at the same time. The
 * oldest and the newest run every family of commands, those between only the core.
 */
import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from '../support/testCluster.ts';
import { applyCommands } from './commands/apply.ts';
import { coreCommands } from './commands/core.ts';
import { createCommands } from './commands/create.ts';
import { customCommands } from './commands/custom.ts';
import { deleteCommands } from './commands/delete.ts';
import { describeCommands } from './commands/describe.ts';
import { editCommands } from './commands/edit.ts';
import { getCommands } from './commands/get.ts';
import { machineCommands } from './commands/machines.ts';
import { metaCommands } from './commands/meta.ts';
import { metricsCommands } from './commands/metrics.ts';
import { nodeCommands } from './commands/nodes.ts';
import { policyCommands } from './commands/policies.ts';
import { rolloutCommands } from './commands/rollout.ts';
import { streamCommands } from './commands/streams.ts';
import { Kubectl } from './kubectl.ts';
import { findKubectls } from './kubectls.ts';

const families = [
  applyCommands,
  createCommands,
  customCommands,
  deleteCommands,
  describeCommands,
  editCommands,
  getCommands,
  machineCommands,
  metaCommands,
  metricsCommands,
  nodeCommands,
  policyCommands,
  rolloutCommands,
  streamCommands,
];

const found = await findKubectls();
const folder = found.length ? mkdtempSync(path.join(tmpdir(), 'kube-playground-kubectl-')) : '';
const kubectls = found.map((file) => new Kubectl(file, path.join(folder, file.version)));

if (found.length === 0) {
  const problem = 'no kubectl in the folders of PATH, or of KUBE_PLAYGROUND_KUBECTL_FOLDERS';
  console.warn(`${problem}: nothing here can drive the cluster, and these tests are skipped`);
  it.runIf(process.env['CI'] === 'true')('finds a kubectl', () => expect.unreachable(problem));
}

describe.skipIf(found.length === 0)('kubectl', () => {
  let cluster: TestCluster | undefined;

  beforeAll(async () => {
    const started = (cluster = await startTestCluster());
    await Promise.all(kubectls.map((kubectl) => kubectl.connect(started.kubeconfig)));
  });

  afterAll(async () => {
    const left = await Promise.all(kubectls.map((kubectl) => kubectl.stopAll()));
    const problems = cluster?.stderr();
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
    expect(left.flat()).toEqual([]);
    expect(problems ?? '').toBe('');
  });

  kubectls.forEach((kubectl, i) => {
    describe.concurrent(found[i]?.version ?? '', () => {
      coreCommands(kubectl);
      if (i === 0 || i === kubectls.length - 1) for (const family of families) family(kubectl);
    });
  });
});
