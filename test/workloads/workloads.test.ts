/**
 * Each example of examples/workloads, done step by step, gives the transcript in golden/ to the letter. With
 * KUBE_PLAYGROUND_REWRITE_GOLDENS=1 the transcripts are written anew instead: read what changed before it is kept.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import { projectFolder } from '../support/testCluster.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { setStage } from './stage.ts';
import { Transcript } from './transcript.ts';

const goldens = path.join(import.meta.dirname, 'golden');
const rewrites = process.env['KUBE_PLAYGROUND_REWRITE_GOLDENS'] === '1';

async function play({ follow, steps, ...options }: Scenario): Promise<string> {
  const stage = await setStage(options);
  try {
    const transcript = new Transcript(stage.clock, stage.cluster.cache, [Pod, Node, ...follow]);
    for (const { line, perform } of steps) {
      transcript.command(line);
      await perform(stage, (text) => transcript.print(text));
      await stage.settle();
    }
    return transcript.end();
  } finally {
    await stage.close();
  }
}

describe('the examples of workloads', () => {
  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', { timeout: 180_000 }, async (name, scenario) => {
    const file = path.join(goldens, `${name}.txt`);
    const seen = await play(scenario);
    if (rewrites) writeFileSync(file, seen);
    expect(existsSync(file), `${file} is missing; KUBE_PLAYGROUND_REWRITE_GOLDENS=1 writes it`).toBe(true);
    expect(seen).toBe(readFileSync(file, 'utf8'));
  });

  test('are all played, and every transcript is of one', () => {
    const names = scenarios.map(({ name }) => name).sort();
    expect(readdirSync(path.join(projectFolder, 'examples/workloads')).sort()).toEqual(names);
    expect(readdirSync(goldens).sort()).toEqual(names.map((name) => `${name}.txt`));
  });
});
