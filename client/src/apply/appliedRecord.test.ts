import { describe, expect, test } from 'vitest';
import { type AppliedObject, removedFrom, withApplied, withRenamed } from './appliedRecord.ts';

const object = (name: string, uid = name): AppliedObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  namespace: 'default',
  name,
  uid,
});
const names = (objects: readonly AppliedObject[]): string[] => objects.map(({ name }) => name);
const named =
  (...all: string[]) =>
  ({ name }: AppliedObject): boolean =>
    all.includes(name);

describe('removed from a file', () => {
  const files = { 'a.yaml': [object('web'), object('db')], 'b.yaml': [object('db')], 'c.yaml': [object('other')] };
  test.each<[string, string, AppliedObject[], string[], string[]]>([
    ['what it no longer has', 'a.yaml', [object('db')], ['db'], ['web']],
    ['but not what another file has applied', 'a.yaml', [], [], ['web']],
    ['nor what is still in it and could not be applied', 'a.yaml', [], ['web', 'db'], []],
    ['nothing of a file that never applied anything', 'd.yaml', [], [], []],
    ['nothing of a file with a hostile name', '__proto__', [], [], []],
  ])('%s', (_case, file, now, stillNamed, expected) => {
    expect(names(removedFrom(files, file, now, named(...stillNamed)))).toEqual(expected);
  });
});

describe('remembering', () => {
  test('takes the place of what was there, but for what failed this time', () => {
    const files = withApplied(
      { 'a.yaml': [object('web'), object('db')], 'b.yaml': [] },
      'a.yaml',
      [object('new')],
      named('db', 'new'),
    );
    expect(names(files['a.yaml'] ?? [])).toEqual(['db', 'new']);
  });
  test('forgets a file that has nothing', () => {
    expect(withApplied({ 'a.yaml': [object('web')] }, 'a.yaml', [], named())).toEqual({});
  });
  test('an object that was deleted and made again is remembered once', () => {
    const files = withApplied({ 'a.yaml': [object('web', '1')] }, 'a.yaml', [object('web', '1')], named('web'));
    expect(files['a.yaml']).toHaveLength(1);
  });
  test('a file and a folder that move take it along', () => {
    const files = withRenamed(
      { 'file:///w/a/x.yaml': [object('web')], 'file:///w/ab.yaml': [object('db')] },
      'file:///w/a',
      'file:///w/b',
    );
    expect(Object.keys(files)).toEqual(['file:///w/b/x.yaml', 'file:///w/ab.yaml']);
  });
});
