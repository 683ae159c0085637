/**
 * Manifests as people write them are left alone: no error, and no warning but those that are told here with their reason.
 * Every folder of the fixtures is a workspace of its own, with no cluster at hand.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { silentLog } from '#common/base/log.ts';
import { noFacts } from '../../server/src/facts/liveFacts.ts';
import { allRules } from '../../server/src/rules/allRules.ts';
import { RuleRunner } from '../../server/src/rules/runner.ts';
import { World } from '../../server/src/world.ts';
import { projectFolder } from '../support/testCluster.ts';

interface Told {
  readonly file: string;
  readonly line: number;
  readonly severity: string;
  readonly rule: string;
  readonly message: string;
}

/** What is told of all files below a folder. */
function told(folder: string): Told[] {
  const world = new World(() => Date.UTC(2026, 0, 1));
  world.facts = noFacts;
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

  test('each failure in broken/ that a text can show is found', () => {
    const found = told(path.join(folder, 'broken'));
    expect(found.map(({ file, rule }) => `${file}: ${rule}`).sort()).toMatchSnapshot();
  });
});
