/**
 * Manifests as people write them are left alone: no error, and no warning but those that are told here with their reason.
 * Every folder of the fixtures is a workspace of its own, with no cluster at hand.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { RealClock } from '#common/base/clock.ts';
import { silentLog } from '#common/base/log.ts';
import { Random } from '#common/base/random.ts';
import { ClusterFacts } from '../../server/src/facts/clusterFacts.ts';
import { type LiveFacts, noFacts } from '../../server/src/facts/liveFacts.ts';
import { allRules } from '../../server/src/rules/allRules.ts';
import { RuleRunner } from '../../server/src/rules/runner.ts';
import { World } from '../../server/src/world.ts';
import { projectFolder, startTestCluster } from '../support/testCluster.ts';

interface Told {
  readonly file: string;
  readonly line: number;
  readonly severity: string;
  readonly rule: string;
  readonly message: string;
}

/** What is told of all files below a folder. */
function told(folder: string, facts: LiveFacts = noFacts): Told[] {
  const world = new World(() => Date.UTC(2026, 0, 1));
  world.facts = facts;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(ya?ml|json)$/.test(name));
  for (const name of files) {
    const file = path.join(folder, name);
    world.index.setOnDisk(pathToFileURL(file).toString(), readFileSync(file, 'utf8'));
  }
  const failures: string[] = [];
  const runner = new RuleRunner(allRules, {
    ...silentLog,
    error: (message, fields) => failures.push(`${message} ${JSON.stringify(fields)}`),
  });
  const snapshot = world.snapshot(new AbortController().signal);
  const found = world.index.files().flatMap((file) =>
    runner.diagnose(snapshot, file).map(({ severity, rule, message, range }) => ({
      file: path.relative(folder, decodeURIComponent(new URL(file.uri).pathname)),
      line: file.text.slice(0, range.start).split('\n').length,
      severity,
      rule,
      message,
    })),
  );
  expect(failures).toEqual([]);
  return found;
}

const loud = (found: readonly Told[]): Told[] => found.filter(({ severity }) => severity === 'error' || severity === 'warning');

describe('everyday manifests', () => {
  const folder = path.join(projectFolder, 'test/fixtures/everyday');
  test.each(readdirSync(folder))('%s', (name) => expect(loud(told(path.join(folder, name)))).toEqual([]));

  test('are at least forty', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(ya?ml|json)$/.test(name));
    expect(files.length).toBeGreaterThanOrEqual(40);
  });
});

describe('the examples', () => {
  const folder = path.join(projectFolder, 'examples');
  test.each(
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'broken')
      .map(({ name }) => name),
  )('%s', (name) => expect(loud(told(path.join(folder, name)))).toEqual([]));

  describe('in broken/', () => {
    const broken = path.join(folder, 'broken');
    const files = readdirSync(broken).filter((name) => name.endsWith('.yaml'));
    const byFile = (found: readonly Told[]): string[] => [...new Set(found.map(({ file, rule }) => `${file}: ${rule}`))].sort();

    test('what a text can show is found without a cluster', () =>
      expect(byFile(told(broken))).toEqual([
        'image-cannot-be-pulled.yaml: unknown-image-tag',
        'missing-configmap.yaml: missing-config-map',
        'selector-matches-nothing.yaml: selector-matches-nothing',
      ]));

    test('each failure is found with one', { timeout: 120_000 }, async () => {
      const cluster = await startTestCluster({ args: ['--apply', broken] });
      const facts = new ClusterFacts({ clock: new RealClock(), random: new Random(1), log: silentLog });
      try {
        facts.follow({ kubeconfig: [cluster.kubeconfig] });
        const found = (): string[] => files.filter((name) => loud(told(broken, facts)).some(({ file }) => file === name));
        await expect.poll(found, { timeout: 60_000 }).toEqual(files);
        expect(byFile(loud(told(broken, facts)))).toEqual([
          'crash-loop.yaml: failing-pods',
          'image-cannot-be-pulled.yaml: failing-pods',
          'missing-configmap.yaml: failing-pods',
          'missing-configmap.yaml: missing-config-map',
          'selector-matches-nothing.yaml: selector-matches-nothing',
          'unschedulable.yaml: failing-pods',
        ]);
      } finally {
        facts.dispose();
        await cluster.stop();
      }
    });
  });
});
