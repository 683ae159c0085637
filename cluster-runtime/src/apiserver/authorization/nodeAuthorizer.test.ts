import { expect, it } from 'vitest';
import type { Pod } from '#common/schema/generated/types.ts';
import type { Attributes } from './authorizer.ts';
import { nodeAuthorizer } from './nodeAuthorizer.ts';
import type { RbacAuthorizer } from './rbac.ts';

const pod: Pod = {
  metadata: { name: 'p', namespace: 'shop' },
  spec: {
    containers: [{ name: 'c', envFrom: [{ secretRef: { name: 'env' } }] }],
    volumes: [
      { name: 'a', secret: { secretName: 'mounted' } },
      { name: 'b', projected: { sources: [{ configMap: { name: 'projected' } }] } },
    ],
    imagePullSecrets: [{ name: 'pull' }],
  },
};
const rules = [
  { apiGroups: [''], resources: ['nodes', 'nodes/status', 'secrets', 'configmaps'], verbs: ['get', 'list', 'update'] },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create', 'get', 'update'] },
];
const authorizer = nodeAuthorizer(
  { rbac: { rulesOfRole: () => rules } as unknown as RbacAuthorizer, podsOnNode: (node) => (node === 'a' ? [pod] : []) },
  { authorize: ({ resource }) => ({ allowed: resource === 'granted', reason: '' }) },
);

const ask = (node: string, verb: string, path: string, groups = ['system:nodes']) => {
  const [group = '', resource = '', namespace = '', name = ''] = path.split('|');
  const user = { name: `system:node:${node}`, groups };
  const attributes: Attributes = { user, verb, group, resource, namespace, name, isResource: true, version: 'v1', subresource: '', path: '' }; // prettier-ignore
  return authorizer.authorize(attributes);
};
const unrelated = "no relationship found between node 'b' and this object";

it.each<[string, string, string, boolean, string?]>([
  ['a', 'get', '|secrets|shop|mounted', true],
  ['a', 'get', '|secrets|shop|env', true],
  ['a', 'get', '|secrets|shop|pull', true],
  ['a', 'get', '|configmaps|shop|projected', true],
  ['a', 'get', '|configmaps|shop|mounted', false],
  ['a', 'get', '|secrets|other|mounted', false],
  ['b', 'get', '|secrets|shop|mounted', false, unrelated],
  ['a', 'list', '|secrets|shop|', false, 'can only read namespaced object of this type'],
  ['a', 'update', '|nodes||a', true],
  ['a', 'delete', '|nodes||a', false, ''],
  ['a', 'update', 'coordination.k8s.io|leases|kube-node-lease|a', true],
  ['a', 'update', 'coordination.k8s.io|leases|kube-node-lease|b', false],
  ['a', 'get', '|granted|shop|x', true],
])('node %s may %s %s: %s', (node, verb, path, allowed, reason) => {
  const decision = ask(node, verb, path);
  expect(decision.allowed).toBe(allowed);
  if (reason !== undefined) expect(decision.reason).toBe(reason);
});

it('whoever only calls themselves a node is nobody special', () => {
  expect(ask('a', 'get', '|secrets|shop|mounted', ['devs']).allowed).toBe(false);
});
