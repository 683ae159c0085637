import { describe, expect, it } from 'vitest';
import type * as api from '#common/schema/generated/types.ts';
import { clusterOf, podOf, scoresOf, verdicts } from '../testClusters.ts';
import { interPodAffinity } from './interPodAffinity.ts';

const term = (labels: Record<string, string>, more: Partial<api.PodAffinityTerm> = {}): api.PodAffinityTerm => ({
  topologyKey: 'zone',
  labelSelector: { matchLabels: labels },
  ...more,
});
const near = (...terms: api.PodAffinityTerm[]): Partial<api.PodSpec> => ({
  affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
});
const away = (...terms: api.PodAffinityTerm[]): Partial<api.PodSpec> => ({
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
});
const labels = { db: { app: 'db' }, web: { app: 'web' } };
const zones = (inA: api.Pod[], inB: api.Pod[] = [], lookups = {}) =>
  clusterOf(
    {
      a1: { labels: { zone: 'a' }, running: inA },
      a2: { labels: { zone: 'a' } },
      b1: { labels: { zone: 'b' }, running: inB },
      none: {},
    },
    lookups,
  );
const noMatch = "node(s) didn't match pod affinity rules";
const anti = "node(s) didn't match pod anti-affinity rules";
const existing = "node(s) didn't satisfy existing pods anti-affinity rules";

describe('which nodes pods want to share, or not', () => {
  it.each<[string, api.Pod, api.Pod[], Record<string, string>]>([
    [
      'near a pod of its zone',
      podOf(near(term(labels.db))),
      [podOf({}, labels.db)],
      { a1: 'ok', a2: 'ok', b1: noMatch, none: noMatch },
    ],
    ['near nobody yet', podOf(near(term(labels.db))), [], { a1: noMatch, a2: noMatch, b1: noMatch, none: noMatch }],
    ['the first of its kind', podOf(near(term(labels.db)), labels.db), [], { a1: 'ok', a2: 'ok', b1: 'ok', none: noMatch }],
    [
      'near one pod that meets all terms, not several that meet one each',
      podOf(near(term({ x: '1' }), term({ y: '1' }))),
      [podOf({}, { x: '1' }), podOf({}, { y: '1' })],
      { a1: noMatch, a2: noMatch, b1: noMatch, none: noMatch },
    ],
    ['away from a pod', podOf(away(term(labels.db))), [podOf({}, labels.db)], { a1: anti, a2: anti, b1: 'ok', none: 'ok' }],
    [
      'a pod that keeps others away',
      podOf({}, labels.web),
      [podOf(away(term(labels.web)))],
      { a1: existing, a2: existing, b1: 'ok', none: 'ok' },
    ],
    [
      'a pod of another namespace does not count',
      podOf(away(term(labels.db))),
      [podOf({}, labels.db, { namespace: 'other' })],
      { a1: 'ok', a2: 'ok', b1: 'ok', none: 'ok' },
    ],
    [
      'unless it is named',
      podOf(away(term(labels.db, { namespaces: ['other'] }))),
      [podOf({}, labels.db, { namespace: 'other' })],
      { a1: anti, a2: anti, b1: 'ok', none: 'ok' },
    ],
    [
      'or selected',
      podOf(away(term(labels.db, { namespaceSelector: { matchLabels: { team: 'x' } } }))),
      [podOf({}, labels.db, { namespace: 'other' })],
      { a1: anti, a2: anti, b1: 'ok', none: 'ok' },
    ],
    [
      'only pods of the same version',
      podOf(away(term(labels.db, { matchLabelKeys: ['version'] })), { ...labels.db, version: '2' }),
      [podOf({}, { ...labels.db, version: '1' })],
      { a1: 'ok', a2: 'ok', b1: 'ok', none: 'ok' },
    ],
    [
      'only pods of other versions',
      podOf(away(term(labels.db, { mismatchLabelKeys: ['version'] })), { ...labels.db, version: '2' }),
      [podOf({}, { ...labels.db, version: '1' })],
      { a1: anti, a2: anti, b1: 'ok', none: 'ok' },
    ],
    ['no selector selects nobody', podOf(away({ topologyKey: 'zone' })), [podOf()], { a1: 'ok', a2: 'ok', b1: 'ok', none: 'ok' }],
  ])('%s', (_, pod, inA, expected) => {
    const namespaceLabels = (name: string) => (name === 'other' ? { team: 'x' } : {});
    expect(verdicts(interPodAffinity, pod, zones(inA, [], { namespaceLabels }))).toEqual(expected);
  });

  it('follows pods and nodes as they come, change and go', () => {
    const db = podOf({}, labels.db);
    const cluster = zones([db]);
    const pod = podOf(away(term(labels.db)));
    expect(verdicts(interPodAffinity, pod, cluster)).toMatchObject({ a2: anti, b1: 'ok' });
    cluster.place(db, 'b1');
    expect(verdicts(interPodAffinity, pod, cluster)).toMatchObject({ a2: 'ok', b1: anti });
    cluster.setNode('a2', { metadata: { name: 'a2', labels: { zone: 'b' } } });
    expect(verdicts(interPodAffinity, pod, cluster)).toMatchObject({ a1: 'ok', a2: anti });
    cluster.place({ ...db, metadata: { ...db.metadata, labels: {} } }, 'b1');
    expect(verdicts(interPodAffinity, pod, cluster)).toMatchObject({ a2: 'ok', b1: 'ok' });
  });
});

describe('which nodes pods prefer', () => {
  const preferring = (kind: 'podAffinity' | 'podAntiAffinity', weight = 10): Partial<api.PodSpec> => ({
    affinity: { [kind]: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm: term(labels.db) }] } },
  });
  it.each<[string, api.Pod, api.Pod[], Record<string, number> | undefined]>([
    ['nothing to prefer', podOf(), [podOf({}, labels.db)], undefined],
    ['near', podOf(preferring('podAffinity')), [podOf({}, labels.db)], { a1: 100, a2: 100, b1: 0, none: 0 }],
    ['away', podOf(preferring('podAntiAffinity')), [podOf({}, labels.db)], { a1: 0, a2: 0, b1: 100, none: 100 }],
    ['others prefer it near', podOf({}, labels.db), [podOf(preferring('podAffinity'))], { a1: 100, a2: 100, b1: 0, none: 0 }],
    ['others need it near', podOf({}, labels.db), [podOf(near(term(labels.db)))], { a1: 100, a2: 100, b1: 0, none: 0 }],
    ['others prefer it away', podOf({}, labels.db), [podOf(preferring('podAntiAffinity'))], { a1: 0, a2: 0, b1: 100, none: 100 }],
  ])('%s', (_, pod, inA, expected) => expect(scoresOf(interPodAffinity, pod, zones(inA))).toEqual(expected));
});
