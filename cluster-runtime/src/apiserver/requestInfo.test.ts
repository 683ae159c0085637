import { describe, expect, it } from 'vitest';
import { Query } from './http/query.ts';
import { parseRequestInfo, type RequestInfo } from './requestInfo.ts';

const parse = (method: string, url: string): RequestInfo => {
  const [path = '', query = ''] = url.split('?');
  return parseRequestInfo(method, path, new Query(query));
};

describe('parseRequestInfo', () => {
  const cases: [string, string, Partial<RequestInfo>][] = [
    ['GET', '/api/v1/namespaces', { verb: 'list', resource: 'namespaces', namespace: '', name: '' }],
    ['GET', '/api/v1/namespaces/', { verb: 'list', resource: 'namespaces' }],
    ['GET', '/api/v1/namespaces/a', { verb: 'get', resource: 'namespaces', namespace: 'a', name: 'a' }],
    ['GET', '/api/v1/namespaces/a/status', { verb: 'get', resource: 'namespaces', name: 'a', subresource: 'status' }],
    ['PUT', '/api/v1/namespaces/a/finalize', { verb: 'update', resource: 'namespaces', name: 'a', subresource: 'finalize' }],
    ['GET', '/api/v1/namespaces/a/pods', { verb: 'list', resource: 'pods', namespace: 'a', name: '' }],
    ['GET', '/api/v1/namespaces/a/pods?watch=1', { verb: 'watch', resource: 'pods', namespace: 'a' }],
    ['GET', '/api/v1/namespaces/a/pods?watch=False', { verb: 'list' }],
    ['GET', '/api/v1/namespaces/a/pods?watch=zzz', { verb: 'watch' }],
    ['GET', '/api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Dx', { verb: 'list', name: 'x' }],
    ['GET', '/api/v1/namespaces/a/pods?fieldSelector=metadata.name!%3Dx', { verb: 'list', name: '' }],
    ['GET', '/api/v1/namespaces/a/pods/x?watch=true', { verb: 'get', name: 'x' }],
    ['GET', '/api/v1/namespaces/a/pods/x/log', { verb: 'get', name: 'x', subresource: 'log' }],
    ['POST', '/api/v1/namespaces/a/pods/x/exec', { verb: 'create', name: 'x', subresource: 'exec' }],
    [
      'GET',
      '/api/v1/namespaces/a/services/x:80/proxy/a/b',
      { verb: 'get', name: 'x:80', subresource: 'proxy', rest: ['a', 'b'] },
    ],
    [
      'GET',
      '/api/v1/watch/namespaces/a/pods/x',
      { verb: 'watch', special: 'watch', resource: 'pods', namespace: 'a', name: 'x' },
    ],
    ['GET', '/api/v1/watch/pods', { verb: 'watch', special: 'watch', resource: 'pods' }],
    ['DELETE', '/api/v1/namespaces/a/pods', { verb: 'deletecollection' }],
    [
      'DELETE',
      '/apis/apps/v1/namespaces/a/deployments/x',
      { verb: 'delete', group: 'apps', version: 'v1', resource: 'deployments', name: 'x' },
    ],
    ['PATCH', '/apis/apps/v1/namespaces/a/deployments/x/scale', { verb: 'patch', group: 'apps', subresource: 'scale' }],
    ['GET', '/apis/apps/v1', { isResource: false, verb: 'get' }],
    ['GET', '/api/v1', { isResource: false }],
    ['POST', '/healthz', { isResource: false, verb: 'post' }],
    ['GET', '/api//v1/namespaces', { malformed: true }],
    ['GET', '//api/v1/namespaces', { malformed: true }],
  ];
  it.each(cases)('%s %s', (method, url, expected) => {
    expect(parse(method, url)).toMatchObject(expected);
  });
});

describe('Query', () => {
  it('takes the first of several values and drops broken pairs', () => {
    const query = new Query('a=1&a=2&b=%ZZ&c=x+y&d;e=1&f');
    expect(query.get('a')).toBe('1');
    expect(query.all('a')).toEqual(['1', '2']);
    expect(query.has('b')).toBe(false);
    expect(query.get('c')).toBe('x y');
    expect(query.has('e')).toBe(false);
    expect(query.get('f')).toBe('');
    expect(query.boolean('f')).toBe(true);
  });

  it('refuses what is no number in Kubernetes’ words', () => {
    expect(() => new Query('limit=abc').integer('limit')).toThrow('strconv.ParseInt: parsing "abc": invalid syntax');
  });

  it('is not impressed by names of object members', () => {
    expect(new Query('__proto__=1&constructor=2').get('constructor')).toBe('2');
    expect(new Query('').get('toString')).toBeUndefined();
  });
});
