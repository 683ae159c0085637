import { describe, expect, test } from 'vitest';
import { SteppedClock } from '#common/base/clock.ts';
import type { RowsMessage, TreeRow } from '#common/protocol/webview.ts';
import { noFilter, parseViewState } from '#common/protocol/viewState.ts';
import { ageText } from './age.ts';
import { moveFor, TypeToFind } from './keyboard.ts';
import { TreeStore } from './treeStore.ts';

const row = (id: string, parent = '', more: Partial<TreeRow> = {}): TreeRow => ({
  id,
  parent,
  kind: 'Pod',
  name: id,
  order: id,
  state: 'ok',
  ...more,
});
const rows = (set: TreeRow[], more: Partial<RowsMessage> = {}): RowsMessage => ({
  type: 'rows',
  revision: 1,
  reset: false,
  set,
  removed: [],
  ...more,
});
const lines = (store: TreeStore): string[] =>
  Array.from({ length: store.lines.length }, (_, i) => store.lines.at(i)).map(
    (line) => `${' '.repeat(line?.depth ?? 0)}${line?.row.id}`,
  );

function filled(): TreeStore {
  const store = new TreeStore();
  store.apply(
    rows(
      [
        row('b', 'ns', { state: 'failed' }),
        row('ns', '', { open: true }),
        row('a', 'ns'),
        row('a1', 'a'),
        row('lost', 'nowhere'),
      ],
      { reset: true },
    ),
  );
  return store;
}

describe('what is visible', () => {
  test('open rows show their children in order, whatever order they came in', () => {
    const store = filled();
    expect(lines(store)).toEqual(['ns', ' a', ' b']);
    store.setExpanded('a', true);
    expect(lines(store)).toEqual(['ns', ' a', '  a1', ' b']);
    expect(store.lines.at(1)).toMatchObject({ place: 1, siblings: 2, expanded: true });
    expect(store.lines.at(3)?.expanded).toBeUndefined();
  });

  test('deltas add, move and remove', () => {
    const store = filled();
    store.apply(rows([row('aa', 'ns'), row('a1', 'ns')], { removed: ['b'] }));
    expect(lines(store)).toEqual(['ns', ' a', ' a1', ' aa']);
    store.apply(rows([row('nowhere', '', { open: true })]));
    expect(lines(store)).toEqual(['nowhere', ' lost', 'ns', ' a', ' a1', ' aa']);
    store.apply(rows([], { reset: true }));
    expect(lines(store)).toEqual([]);
  });

  test('only what a person wants to notice is news', () => {
    const store = filled();
    expect(
      store.apply(
        rows([row('a', 'ns', { ready: '1/1' }), row('b', 'ns', { state: 'failed', detail: 'node-1' }), row('new', 'ns')]),
      ),
    ).toEqual(['a']);
  });

  test('search and filter show the matches and what they stand under', () => {
    const store = filled();
    store.filter = { ...noFilter, text: 'A1' };
    expect(lines(store)).toEqual(['ns', ' a', '  a1']);
    expect(store.shownChildrenOf('ns')).toBe(1);
    store.filter = { ...noFilter, unhealthyOnly: true };
    expect(lines(store)).toEqual(['ns', ' b']);
    store.filter = noFilter;
    expect(store.shownChildrenOf('ns')).toBe(2);
    store.filter = { ...noFilter, text: 'a1', unhealthyOnly: true };
    expect(lines(store)).toEqual([]);
  });

  test('a filter stays true while rows come, change and go', () => {
    const store = new TreeStore();
    const pod = (id: string, more: Partial<TreeRow> = {}): TreeRow =>
      row(id, 'w', { object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: id }, labels: { app: id }, ...more });
    // The container comes before its pod, and the pod before its workload.
    store.apply(
      rows([
        row('a/app', 'a', { kind: 'Container', part: true }),
        pod('a'),
        pod('b'),
        row('w', 'ns'),
        row('ns', '', { open: true }),
      ]),
    );
    store.filter = { ...noFilter, selector: 'app in (a,c)', namespace: 'shop' };
    expect(lines(store)).toEqual(['ns', ' w', '  a']);
    expect(store.lines.at(2)?.expanded).toBe(false);
    store.apply(rows([pod('c'), pod('a', { labels: {} })]));
    expect(lines(store)).toEqual(['ns', ' w', '  c']);
    expect(store.found).toBe(1);
    store.apply(rows([], { removed: ['c'] }));
    expect(lines(store)).toEqual([]);
    store.filter = noFilter;
    expect(store.troublesBelow('ns')).toBe(0);
    store.apply(rows([pod('b', { state: 'failed' })]));
    expect(store.troublesBelow('ns')).toBe(1);
    store.apply(rows([], { removed: ['b'] }));
    expect(store.troublesBelow('ns')).toBe(0);
  });

  test('old ReplicaSets are there when they are asked for', () => {
    const store = new TreeStore();
    store.apply(rows([row('old', 'ns', { retired: true }), row('ns', '', { open: true })]));
    expect(lines(store)).toEqual(['ns']);
    store.arrangement = { ...store.arrangement, showRetired: true };
    expect(lines(store)).toEqual(['ns', ' old']);
  });

  test('under a label stands what has it, else what makes or selects pods with it', () => {
    const store = new TreeStore();
    const of = (id: string, more: Partial<TreeRow>): TreeRow =>
      row(id, 'namespace/default/workloads', {
        object: { apiVersion: 'v1', kind: 'X', namespace: 'default', name: id },
        ...more,
      });
    store.apply(
      rows([
        of('own', { labels: { app: 'db' }, podLabels: { app: 'web' } }),
        of('by-pods', { podLabels: { app: 'web' } }),
        of('by-pod', { labels: { app: 'web' } }),
        of('none', { labels: { constructor: 'x' } }),
      ]),
    );
    store.arrangement = { ...store.arrangement, grouping: 'label', labelKey: 'app' };
    expect(lines(store)).toEqual(['label/db', ' own', 'label/web', ' by-pod', ' by-pods', 'unlabelled']);
    store.arrangement = { ...store.arrangement, labelKey: 'toString' };
    expect(lines(store)).toEqual(['unlabelled']);
  });

  test('of 20,000 rows only those that move are laid out anew', () => {
    const store = new TreeStore();
    const many = Array.from({ length: 20_000 }, (_, i) => row(`pod-${String((i * 7919) % 20_000).padStart(5, '0')}`, 'ns'));
    store.apply(rows([row('ns', '', { open: true }), ...many], { reset: true }));
    expect(store.lines.length).toBe(20_001);
    const before = store.lines;
    store.apply(rows([row('pod-00007', 'ns', { ready: '0/1', state: 'failed' })]));
    // What moves no line lays nothing out anew.
    expect(store.lines).toBe(before);
    expect(store.lines.at(8)?.row.ready).toBe('0/1');
    store.apply(rows([row('new', 'ns')], { removed: ['pod-10000'] }));
    expect(store.lines.length).toBe(20_001);
    expect(store.lines.indexOf('pod-10000')).toBe(-1);
    expect(store.lines.at(10_002)?.row.id).toBe('pod-10001');
  });
});

describe('keys', () => {
  const store = filled();
  const visible = store.lines;
  test.each([
    ['ArrowDown', 0, { to: 1 }],
    ['ArrowUp', 0, { to: 0 }],
    ['End', 0, { to: 2 }],
    ['ArrowRight', 0, { to: 1 }],
    ['ArrowRight', 1, { expand: true }],
    ['ArrowLeft', 0, { expand: false }],
    ['ArrowLeft', 2, { to: 0 }],
    ['PageDown', 0, { to: 2 }],
    [' ', 1, { expand: true }],
    ['Enter', 1, { open: true }],
    ['Tab', 0, undefined],
  ])('%s on line %d', (key, at, move) => expect(moveFor(key, visible, at, 10)).toEqual(move));

  test('typed letters find the next line that begins with them, until a pause', async () => {
    const clock = new SteppedClock();
    const typing = new TypeToFind(clock);
    expect(typing.find('n', visible, 1)).toEqual({ to: 0 });
    expect(typing.find('s', visible, 0)).toEqual({ to: 0 });
    await clock.advance(1_000);
    expect(typing.find('B', visible, 0)).toEqual({ to: 2 });
    expect(typing.find('x', visible, 2)).toEqual({});
    expect(typing.find('Shift', visible, 0)).toBeUndefined();
  });
});

test.each([
  [5, '5s'],
  [119, '119s'],
  [120, '2m'],
  [150, '2m'],
  [3_600, '60m'],
  [3 * 3_600 + 120, '3h'],
  [50 * 3_600, '2d'],
  [30 * 86_400, '30d'],
  [-5, '0s'],
])('the age of %d seconds is %s', (seconds, text) =>
  expect(ageText('2026-01-01T00:00:00Z', Date.UTC(2026, 0, 1) + seconds * 1000)).toBe(text),
);

test.each([
  [undefined, 'namespace', '', 'app'],
  [{ grouping: 'node', filter: { namespace: 'a', unhealthyOnly: true } }, 'node', 'a', 'app'],
  [{ grouping: 'else', labelKey: 7, expansion: [['a', 1], 'x', ['b', true]], filter: null }, 'namespace', '', 'app'],
])('what a page kept is read with care: %j', (kept, grouping, namespace, labelKey) => {
  const state = parseViewState(kept);
  expect(state).toMatchObject({ grouping, labelKey, filter: { text: '', namespace } });
  expect(state.expansion.every(([id, open]) => typeof id === 'string' && typeof open === 'boolean')).toBe(true);
});
