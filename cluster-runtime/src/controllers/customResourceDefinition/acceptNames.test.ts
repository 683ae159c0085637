import { describe, expect, it } from 'vitest';
import type { CustomResourceDefinition, CustomResourceDefinitionNames } from '#common/schema/generated/types.ts';
import { acceptNames } from './acceptNames.ts';

type Names = CustomResourceDefinitionNames;

const definition = (names: Names, acceptedNames?: Partial<Names>): CustomResourceDefinition =>
  ({ metadata: { name: `${names.plural}.example.com` }, spec: { names }, status: { acceptedNames } }) as CustomResourceDefinition;

const taken = definition(
  { plural: 'as', kind: 'A' },
  { plural: 'as', singular: 'a', shortNames: ['ax'], kind: 'A', listKind: 'AList' },
);

describe('acceptNames', () => {
  it.each<[string, Names, string, string, Partial<Names>]>([
    [
      'everything',
      { plural: 'bs', singular: 'b', kind: 'B', listKind: 'BList', shortNames: ['bx'] },
      'NoConflicts',
      'no conflicts found',
      { plural: 'bs', singular: 'b', kind: 'B', listKind: 'BList', shortNames: ['bx'] },
    ],
    ['no plural', { plural: 'ax', kind: 'B' }, 'PluralConflict', '"ax" is already in use', { plural: '', kind: 'B' }],
    [
      'no singular',
      { plural: 'bs', singular: 'a', kind: 'B' },
      'SingularConflict',
      '"a" is already in use',
      { plural: 'bs', kind: 'B' },
    ],
    [
      'no short names, where one is taken',
      { plural: 'bs', kind: 'B', shortNames: ['ax', 'b', 'as'] },
      'ShortNamesConflict',
      '["ax" is already in use, "as" is already in use]',
      { plural: 'bs', kind: 'B' },
    ],
    ['no kind', { plural: 'bs', kind: 'A' }, 'KindConflict', '"A" is already in use', { plural: 'bs', kind: '' }],
    [
      'categories always; the last conflict counts',
      { plural: 'bs', singular: 'a', kind: 'B', listKind: 'AList', categories: ['all'] },
      'ListKindConflict',
      '"AList" is already in use',
      { plural: 'bs', kind: 'B', categories: ['all'] },
    ],
  ])('accepts %s', (_, names, reason, message, accepted) => {
    const { acceptedNames, condition } = acceptNames(definition(names), [taken]);
    expect(condition).toMatchObject({ status: reason === 'NoConflicts' ? 'True' : 'False', reason, message });
    expect(acceptedNames).toEqual(accepted);
  });

  it('keeps what was accepted before', () => {
    const had = { plural: 'bs', singular: 'b', kind: 'B', listKind: 'BList', shortNames: ['ax'] };
    const names = { ...had, shortNames: ['ax'] };
    expect(acceptNames(definition(names, had), [taken]).condition.reason).toBe('NoConflicts');
  });
});
