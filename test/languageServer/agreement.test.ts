/**
 * The language server against Kubernetes: objects of every kind, valid and broken in one field, written as YAML. An error
 * must be shown exactly where a Kubernetes 1.36.3 API server refused the object. The figure may only grow.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { stringify } from 'yaml';
import { beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '#common/base/log.ts';
import { invalidObject } from '../../server/src/rules/invalidObject.ts';
import { RuleRunner } from '../../server/src/rules/runner.ts';
import { World } from '../../server/src/world.ts';
import { projectFolder } from '../support/testCluster.ts';
import { allMutations, type Bases } from './mutations.ts';

const recordings = path.resolve(projectFolder, process.env['KUBE_PLAYGROUND_RECORDINGS'] ?? '../shared/golden', 'mutations');
const ratchet = JSON.parse(readFileSync(path.join(import.meta.dirname, 'ratchet.json'), 'utf8')) as { agreement: number };
const present = existsSync(path.join(recordings, 'bases.mjs'));
if (!present && process.env['CI'] !== 'true') console.warn(`No recorded answers at ${recordings}: this suite is skipped.`);

describe.skipIf(!present && process.env['CI'] !== 'true')('agreement with Kubernetes 1.36.3', () => {
  const runner = new RuleRunner([invalidObject], {
    ...silentLog,
    error: (message, fields) => expect.fail(`${message} ${JSON.stringify(fields)}`),
  });
  const wanted = new Map<string, { status: number; message?: string }>();
  let bases: Bases;
  beforeAll(async () => {
    ({ bases } = (await import(pathToFileURL(path.join(recordings, 'bases.mjs')).href)) as { bases: Bases });
    for (const line of readFileSync(path.join(recordings, 'visible.jsonl'), 'utf8').split('\n').filter(Boolean)) {
      const answer = JSON.parse(line) as { id: string; status: number; message?: string };
      wanted.set(answer.id, answer);
    }
  });

  const world = new World(() => 0);
  const errorsOf = (object: unknown): string[] => {
    const file = world.index.setOpen(
      'file:///object.yaml',
      stringify(object, { version: '1.1', aliasDuplicateObjects: false }),
      1,
    );
    return runner
      .diagnose(world.snapshot(new AbortController().signal, file), file)
      .filter(({ severity }) => severity === 'error')
      .map(({ message }) => message);
  };

  it('no error on a valid object', () => {
    const found = Object.entries(bases).flatMap(([base, [, object]]) =>
      errorsOf(JSON.parse(JSON.stringify(object))).map((error) => `${base}: ${error}`),
    );
    expect(found).toEqual([]);
  });

  it('an error where, and only where, Kubernetes refuses', { timeout: 300_000 }, () => {
    const differences: string[] = [];
    let total = 0;
    for (const { id, object } of allMutations(bases)) {
      const answer = wanted.get(id);
      if (!answer) continue;
      total++;
      const errors = errorsOf(object);
      const refused = answer.status >= 400 && answer.status < 500;
      if (refused !== errors.length > 0)
        differences.push(`${id}: ${answer.status} ${answer.message ?? ''} | ${errors.join('; ')}`);
    }
    const agreed = total - differences.length;
    console.log(
      `agreement: ${agreed} of ${total} (${((100 * agreed) / total).toFixed(2)} %), at least ${ratchet.agreement} wanted`,
    );
    expect(total).toBe(wanted.size);
    expect(agreed / total).toBeGreaterThanOrEqual(0.95);
    expect(agreed, differences.slice(0, 40).join('\n')).toBeGreaterThanOrEqual(ratchet.agreement);
  });
});
