import { describe, expect, it } from 'vitest';
import { ApiError } from '#common/api/status.ts';
import { Query } from './http/query.ts';
import { managerFromUserAgent, parseDeleteOptions, parseListQuery, parsePatchQuery, parseWriteQuery } from './options.ts';

const messageOf = (fn: () => unknown): string => {
  try {
    fn();
  } catch (error) {
    if (error instanceof ApiError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'accepted';
};

// Answers of Kubernetes 1.36.3.
describe('options in the query', () => {
  const create = (text: string) => () => parseWriteQuery('CreateOptions', new Query(text), 'kubectl/v1.36');
  const list = (text: string) => () => parseListQuery(new Query(text), false);
  const watch = (text: string) => () => parseListQuery(new Query(text), true);
  const patch = (text: string, apply: boolean) => () => parsePatchQuery(new Query(text), apply, 'x');
  const cases: [string, () => unknown, string][] = [
    [
      'dryRun',
      create('dryRun=Some'),
      '422 CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All"',
    ],
    ['dryRun twice', create('dryRun=All&dryRun=All'), 'accepted'],
    [
      'empty dryRun',
      create('dryRun='),
      '422 CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: [""]: supported values: "All"',
    ],
    [
      'fieldValidation',
      create('fieldValidation=Bad'),
      '422 CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Bad": supported values: "", "Ignore", "Strict", "Warn"',
    ],
    [
      'long fieldManager',
      create(`fieldManager=${'m'.repeat(129)}`),
      '422 CreateOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
    ],
    [
      'force',
      patch('force=true', false),
      '422 PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    ],
    [
      'apply without a manager',
      patch('', true),
      '422 PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ],
    ['limit', list('limit=abc'), '400 strconv.ParseInt: parsing "abc": invalid syntax'],
    ['negative limit', list('limit=-1'), 'accepted'],
    [
      'sendInitialEvents',
      list('sendInitialEvents=true'),
      '422 ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list',
    ],
    [
      'Exact with 0',
      list('resourceVersionMatch=Exact&resourceVersion=0'),
      '422 ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    ],
    [
      'match of a watch',
      watch('resourceVersion=1&resourceVersionMatch=NotOlderThan'),
      '422 ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    ],
    [
      'sendInitialEvents of a watch',
      watch('sendInitialEvents=false'),
      '422 ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    ],
    ['a good watch', watch('sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'), 'accepted'],
  ];
  it.each(cases)('%s', (_name, fn, expected) => expect(messageOf(fn)).toBe(expected));
});

describe('parseDeleteOptions', () => {
  it('takes the body before the query', () => {
    const { deletion } = parseDeleteOptions(new Query('gracePeriodSeconds=5'), { propagationPolicy: 'Orphan' });
    expect(deletion).toEqual({ propagationPolicy: 'Orphan' });
  });

  it('reads the query without a body', () => {
    expect(parseDeleteOptions(new Query('gracePeriodSeconds=0&orphanDependents=true&dryRun=All'), undefined)).toEqual({
      dryRun: true,
      deletion: { gracePeriodSeconds: 0, propagationPolicy: 'Orphan' },
    });
  });

  it('refuses policies that do not exist or contradict each other', () => {
    const bad = messageOf(() => parseDeleteOptions(new Query(''), { propagationPolicy: 'Bad' }));
    expect(bad).toContain(
      'propagationPolicy: Unsupported value: "Bad": supported values: "Foreground", "Background", "Orphan", "nil"',
    );
    const both = messageOf(() => parseDeleteOptions(new Query(''), { propagationPolicy: 'Orphan', orphanDependents: true }));
    expect(both).toContain(
      'propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
    );
  });
});

it('derives the field manager from the user agent', () => {
  expect(managerFromUserAgent('kubectl/v1.36.3 (linux/amd64)')).toBe('kubectl');
  expect(managerFromUserAgent(undefined)).toBe('unknown');
});
