import { expect, it } from 'vitest';
import { SteppedClock } from '#common/base/clock.ts';
import { formatTime } from '#common/api/time.ts';
import type { Secret } from '#common/schema/generated/types.ts';
import { BootstrapTokens } from './bootstrapTokens.ts';

const clock = new SteppedClock();
const base64 = (text: string): string => Buffer.from(text).toString('base64');

function secret(more: Record<string, string> = {}, over: Partial<Secret> = {}): Secret {
  const fields = {
    'token-id': 'abcdef',
    'token-secret': '0123456789abcdef',
    'usage-bootstrap-authentication': 'true',
    ...more,
  };
  return {
    metadata: { name: 'bootstrap-token-abcdef', namespace: 'kube-system' },
    type: 'bootstrap.kubernetes.io/token',
    data: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, base64(value)])),
    ...over,
  };
}

const user = (held: Secret, token = 'abcdef.0123456789abcdef') =>
  new BootstrapTokens({ clock, secretNamed: (name) => (name === held.metadata.name ? held : undefined) }).authenticate(token);
const at = (seconds: number): string => formatTime(clock.now() + seconds * 1000);

it.each<[string, Secret, string[]]>([
  ['as it is', secret(), []],
  ['with groups, sorted', secret({ 'auth-extra-groups': 'system:bootstrappers:b,system:bootstrappers:a:c' }), ['system:bootstrappers:a:c', 'system:bootstrappers:b']],
  ['before its end', secret({ expiration: at(1) }), []],
])('a token is good %s', (_, held, groups) => {
  expect(user(held)).toEqual({ name: 'system:bootstrap:abcdef', groups: ['system:bootstrappers', ...groups] });
}); // prettier-ignore

it.each<[string, Secret, string?]>([
  ['with a wrong secret', secret(), 'abcdef.0123456789abcdee'],
  ['of another form', secret(), 'abcdef'],
  ['after its end', secret({ expiration: at(0) })],
  ['whose end nobody can read', secret({ expiration: 'soon' })],
  ['that is not for authentication', secret({ 'usage-bootstrap-authentication': 'yes' })],
  ['of a Secret under another name', secret({ 'token-id': 'abcdee' })],
  ['of a Secret of another type', secret({}, { type: 'Opaque' })],
  ['with a group of others', secret({ 'auth-extra-groups': 'system:masters' })],
  ['whose Secret is being deleted', secret({}, { metadata: { name: 'bootstrap-token-abcdef', namespace: 'kube-system', deletionTimestamp: at(0) } })],
])('a token is good for nothing %s', (_, held, token) => expect(user(held, token)).toBeUndefined()); // prettier-ignore
