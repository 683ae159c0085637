import { describe, expect, it } from 'vitest';
import { negotiate, negotiateWatch, parseAccept } from './negotiation.ts';

describe('negotiate', () => {
  const accepted: [string | undefined, object][] = [
    [undefined, { mediaType: 'application/json', as: '' }],
    ['*/*', { mediaType: 'application/json' }],
    ['application/yaml', { mediaType: 'application/yaml' }],
    ['application/vnd.kubernetes.protobuf,application/json', { mediaType: 'application/json', as: '' }],
    ['application/json;q=0.1,text/html', { mediaType: 'application/json' }],
    ['application/json;as=Table;v=v1;g=meta.k8s.io,application/json', { as: 'Table', asVersion: 'v1' }],
    ['application/json;as=Table;v=v1beta1;g=meta.k8s.io', { as: 'Table', asVersion: 'v1beta1' }],
    ['application/json;as=Table;v=v9;g=meta.k8s.io,application/json', { as: '' }],
    [
      'application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json',
      { as: 'PartialObjectMetadataList' },
    ],
  ];
  it.each(accepted)('%s', (header, expected) => {
    expect(negotiate(header, false, false)).toMatchObject(expected);
  });

  it('refuses media types it does not have, naming those it has', () => {
    expect(() => negotiate('text/html', false, false)).toThrow(
      /^406: Not Acceptable\n\nAvailable representations: application\/json, /,
    );
    expect(() => negotiate('text/html', true, false)).toThrow(/application\/json;stream=watch/);
    expect(() => negotiate('application/json;as=Table;v=v9;g=meta.k8s.io', false, false)).toThrow(
      /^only the following media types are accepted/,
    );
  });

  it('streams watches as JSON alone', () => {
    expect(() => negotiateWatch('application/yaml', false)).toThrow(/application\/json;stream=watch/);
  });

  it('sorts by quality and keeps the order of equals', () => {
    expect(parseAccept('a/a;q=0.5,b/b,c/c').map((c) => c.type)).toEqual(['b/b', 'c/c', 'a/a']);
  });
});
