/**
 * Replays conversations recorded from a Kubernetes 1.36.3 control plane and broken objects with its answers. The
 * numbers reached are kept in ratchet.json and may only grow.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../support/run.ts';
import { projectFolder, startTestCluster, type TestCluster } from '../support/testCluster.ts';

interface Ratchet {
  /** Suite → how many of its cases gave the recorded answer. */
  passed: Record<string, number>;
  /** Mutations whose status, if not the message, was the recorded one. */
  mutationsSameStatus: number;
}

const recordings = path.resolve(projectFolder, process.env['KUBE_PLAYGROUND_RECORDINGS'] ?? '../shared/golden');
const ratchetFile = path.join(import.meta.dirname, 'ratchet.json');
const ratchet = JSON.parse(readFileSync(ratchetFile, 'utf8')) as Ratchet;
const present = existsSync(path.join(recordings, 'replay.mjs'));
if (!present && process.env['CI'] !== 'true') console.warn(`No recorded answers at ${recordings}: this suite is skipped.`);

describe.skipIf(!present && process.env['CI'] !== 'true')('recorded answers of Kubernetes 1.36.3', () => {
  let cluster: TestCluster;
  let folder: string;
  beforeAll(async () => {
    // The recorded cluster had neither a default StorageClass nor a metrics API.
    cluster = await startTestCluster({ args: ['--bare'] });
    folder = mkdtempSync(path.join(tmpdir(), 'kube-playground-golden-'));
  });
  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const suites = Object.keys(ratchet.passed).filter((suite) => suite !== 'mutations');
  // A few recordings hold races that the recorded machine won (an eviction right after another): a busy machine gets a second run.
  it.each(suites)('%s', { timeout: 600_000, retry: 1 }, async (suite) => {
    const report = path.join(folder, `${suite.replace('/', '-')}.json`);
    const args = [
      path.join(recordings, 'replay.mjs'),
      '--kubeconfig',
      cluster.kubeconfig,
      '--show',
      '0',
      '--json',
      report,
      path.join(recordings, `${suite}.jsonl`),
    ];
    await run(process.execPath, args, { timeoutMs: 590_000 });
    const cases = JSON.parse(readFileSync(report, 'utf8')) as { name: string; passed: boolean }[];
    const passed = cases.filter((c) => c.passed).length;
    console.log(
      `${suite}: ${passed} of ${cases.length} (${((100 * passed) / cases.length).toFixed(1)} %), at least ${ratchet.passed[suite]} wanted`,
    );
    expect(
      passed,
      `failing: ${cases
        .filter((c) => !c.passed)
        .map((c) => c.name)
        .join('; ')}`,
    ).toBeGreaterThanOrEqual(ratchet.passed[suite] ?? 0);
  });

  it('mutations', { timeout: 600_000 }, async () => {
    const report = path.join(folder, 'mutations.json');
    const answers = path.join(recordings, 'mutations/visible.jsonl');
    const args = [
      path.join(recordings, 'mutations/mutate.mjs'),
      '--kubeconfig',
      cluster.kubeconfig,
      '--answers',
      answers,
      '--show',
      '0',
      '--json',
      report,
    ];
    const { stdout } = await run(process.execPath, args, { timeoutMs: 590_000 });
    const failures = JSON.parse(readFileSync(report, 'utf8')) as { want: { status: number }; got: { status: number } }[];
    const total = readFileSync(answers, 'utf8').split('\n').filter(Boolean).length;
    const passed = total - failures.length;
    const sameStatus = total - failures.filter(({ want, got }) => want.status !== got.status).length;
    console.log(
      `mutations: ${passed} of ${total} the same (${((100 * passed) / total).toFixed(1)} %), ${sameStatus} the same status (${((100 * sameStatus) / total).toFixed(1)} %)`,
    );
    expect(stdout).toContain(`${passed} passed`);
    expect(passed).toBeGreaterThanOrEqual(ratchet.passed['mutations'] ?? 0);
    expect(sameStatus).toBeGreaterThanOrEqual(ratchet.mutationsSameStatus);
  });
});
