import { describe, expect, it } from 'vitest';
import type * as api from '#common/schema/generated/types.ts';
import { type EndpointGroup, planSlices } from './planSlices.ts';

const endpoint = (ip: string): api.Endpoint => ({ addresses: [ip] });
const group = (port: number, ...ips: string[]): EndpointGroup => ({ ports: [{ port }], endpoints: ips.map(endpoint) });
const nothing: EndpointGroup = { ports: [], endpoints: [] };
const slice = (name: string, { ports, endpoints }: EndpointGroup): api.EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name },
  addressType: 'IPv4',
  ports: [...ports],
  endpoints: [...endpoints],
});

/** `create 80: a b`, `update s 80: a`, `delete s`. */
function planned(groups: EndpointGroup[], existing: api.EndpointSlice[], isOwn = (_: api.EndpointSlice) => true): string[] {
  const plan = planSlices(groups, existing, 2, () => true, isOwn);
  const text = ({ ports, endpoints }: EndpointGroup): string =>
    `${ports.map(({ port }) => port).join()}: ${endpoints.flatMap(({ addresses }) => addresses).join(' ')}`.trim();
  return [
    ...plan.create.map((made) => `create ${text(made)}`),
    ...plan.update.map((changed) => `update ${changed.slice.metadata.name} ${text(changed)}`),
    ...plan.delete.map(({ metadata }) => `delete ${metadata.name}`),
  ];
}

describe('planSlices', () => {
  it.each<[string, EndpointGroup[], api.EndpointSlice[], string[]]>([
    ['one slice for what has nothing', [nothing], [], ['create :']],
    ['nothing to do', [group(80, 'a')], [slice('s', group(80, 'a'))], []],
    ['one more', [group(80, 'a', 'b')], [slice('s', group(80, 'a'))], ['update s 80: a b']],
    ['more than fit', [group(80, 'a', 'b', 'c')], [slice('s', group(80, 'a', 'b'))], ['create 80: c']],
    ['the first endpoints, in the slice that stood for none', [group(80, 'a')], [slice('s', nothing)], ['update s 80: a']],
    ['the last one gone', [nothing], [slice('s', group(80, 'a'))], ['update s :']],
    ['other ports', [group(90, 'a')], [slice('s', group(80, 'a')), slice('t', group(80, 'b'))], ['update s 90: a', 'delete t']],
  ])('%s', (_, groups, existing, expected) => expect(planned(groups, existing)).toEqual(expected));

  it('leaves what is another’s to go', () => {
    const others = [slice('theirs', group(80, 'a'))];
    expect(planned([group(90, 'a')], others, () => false)).toEqual(['create 90: a', 'delete theirs']);
  });
});
