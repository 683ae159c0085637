/**
 * The notation of the bootstrap roles, one rule a line: `<verbs> <API groups>:<resources>`, `=<names>` after it for single
 * objects, or `<verbs> url:<paths>`. Lists are separated by commas; `core` is the group without a name, and `read`, `write`
 * and `manage` stand for the verbs that go together. `record-events` is the rule of everybody who writes events.
 */
import type * as api from '#common/schema/generated/types.ts';

const read = ['get', 'list', 'watch'];
const write = ['create', 'delete', 'deletecollection', 'patch', 'update'];
const verbSets = new Map<string, readonly string[]>([
  ['read', read],
  ['write', write],
  ['manage', [...read, ...write].sort()],
]);

export const rulesOf = (text: string): api.PolicyRule[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => ruleOf(line === 'record-events' ? 'create,patch,update core,events.k8s.io:events' : line));

function ruleOf(line: string): api.PolicyRule {
  const [verbText = '', target = '', names] = line.split(' ');
  const verbs = [...(verbSets.get(verbText) ?? verbText.split(','))];
  const colon = target.indexOf(':');
  const [before, things] = [target.slice(0, colon), target.slice(colon + 1).split(',')];
  if (before === 'url') return { nonResourceURLs: things, verbs };
  return {
    apiGroups: before.split(',').map((group) => (group === 'core' ? '' : group)),
    ...(names ? { resourceNames: names.slice(1).split(',') } : {}),
    resources: things,
    verbs,
  };
}
