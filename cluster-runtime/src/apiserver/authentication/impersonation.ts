/**
 * Impersonation: `Impersonate-User` and its companions let a request act as somebody else. Whoever may `impersonate` the
 * name (and every group, uid and extra) may; failing that, the finer `impersonate-on:<mode>:<verb>` rights on the very
 * thing that is asked for count, together with `impersonate:<mode>` on the identity.
 */
import type { IncomingMessage } from 'node:http';
import { badRequest } from '#common/api/status.ts';
import { type Attributes, type Authorizer, attributesOf, forbiddenFor } from '../authorization/authorizer.ts';
import type { User } from '../registry/registry.ts';
import type { RequestInfo } from '../requestInfo.ts';
import { allAuthenticated, allUnauthenticated, anonymous } from './authenticator.ts';
import { serviceAccountGroups } from './serviceAccountTokens.ts';

const extraPrefix = 'impersonate-extra-';

interface Wanted {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** What the headers ask for; undefined when there are none, which is nearly always. */
function wantedIdentity(request: IncomingMessage): Wanted | undefined {
  let found = false;
  for (const name in request.headers) if (name.startsWith('impersonate-')) found = true;
  if (!found) return undefined;
  const headers = request.headersDistinct;
  const extra: Record<string, readonly string[]> = Object.create(null) as Record<string, readonly string[]>;
  for (const name of Object.keys(headers)) {
    if (name.startsWith(extraPrefix)) extra[decodeExtraKey(name.slice(extraPrefix.length))] = headers[name] ?? [];
  }
  return {
    name: headers['impersonate-user']?.[0] ?? '',
    uid: headers['impersonate-uid']?.[0] ?? '',
    groups: headers['impersonate-group'] ?? [],
    extra,
  };
}

function decodeExtraKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch (error) {
    if (error instanceof URIError) return key;
    throw error;
  }
}

/** How Kubernetes prints the identity when it is incomplete. */
function goText(wanted: Wanted): string {
  const strings = (values: readonly string[]): string =>
    values.length === 0 ? '[]string(nil)' : `[]string{${values.map((v) => JSON.stringify(v)).join(', ')}}`;
  const keys = Object.keys(wanted.extra);
  const extra = keys.map((key) => `${JSON.stringify(key)}:${strings(wanted.extra[key] ?? [])}`).join(', ');
  return `&user.DefaultInfo{Name:"", UID:${JSON.stringify(wanted.uid)}, Groups:${strings(wanted.groups)}, Extra:map[string][]string${keys.length ? `{${extra}}` : '(nil)'}}`;
}

/** The user that the request is to run as. Throws 400 and 403. */
export function impersonate(request: IncomingMessage, user: User, info: RequestInfo, authorizer: Authorizer): User {
  const wanted = wantedIdentity(request);
  if (!wanted) return user;
  if (!wanted.name) throw badRequest(`requested ${goText(wanted)} without impersonating a user name`);
  if (!mayImpersonate(user, wanted, authorizer)) requireConstrained(user, wanted, info, authorizer);
  return impersonated(wanted);
}

const authentication = { group: 'authentication.k8s.io', version: 'v1' };

function attribute(
  user: User,
  verb: string,
  gv: { group: string; version: string },
  resource: string,
  name: string,
  more: Partial<Attributes> = {},
): Attributes {
  return { user, verb, isResource: true, path: '', namespace: '', subresource: '', resource, name, ...gv, ...more };
}

/** Each right that the identity takes, under `verb`. */
function* neededRights(user: User, wanted: Wanted, verb: string, constrained: boolean): Generator<Attributes> {
  const core = constrained ? authentication : { group: '', version: 'v1' };
  const account = serviceAccountOf(wanted.name);
  const node = nodeOf(wanted.name);
  if (account) yield attribute(user, verb, core, 'serviceaccounts', account.name, { namespace: account.namespace });
  else if (constrained && node !== undefined) yield attribute(user, verb, core, 'nodes', node);
  else yield attribute(user, verb, core, 'users', wanted.name);
  for (const group of wanted.groups) yield attribute(user, verb, core, 'groups', group);
  if (wanted.uid) yield attribute(user, verb, authentication, 'uids', wanted.uid);
  for (const key of Object.keys(wanted.extra)) {
    for (const value of wanted.extra[key] ?? [])
      yield attribute(user, verb, authentication, 'userextras', value, { subresource: key });
  }
}

function mayImpersonate(user: User, wanted: Wanted, authorizer: Authorizer): boolean {
  for (const attributes of neededRights(user, wanted, 'impersonate', false))
    if (!authorizer.authorize(attributes).allowed) return false;
  return true;
}

function requireConstrained(user: User, wanted: Wanted, info: RequestInfo, authorizer: Authorizer): void {
  const mode = serviceAccountOf(wanted.name)
    ? 'serviceaccount'
    : nodeOf(wanted.name) !== undefined
      ? 'arbitrary-node'
      : 'user-info';
  const onRequest = { ...attributesOf(user, info), verb: `impersonate-on:${mode}:${info.verb}` };
  const decision = authorizer.authorize(onRequest);
  if (!decision.allowed) throw forbiddenFor(onRequest, decision);
  for (const attributes of neededRights(user, wanted, `impersonate:${mode}`, true)) {
    const next = authorizer.authorize(attributes);
    if (!next.allowed) throw forbiddenFor(attributes, next);
  }
}

function serviceAccountOf(name: string): { namespace: string; name: string } | undefined {
  const [system, kind, namespace, account, ...more] = name.split(':');
  return system === 'system' && kind === 'serviceaccount' && namespace && account && more.length === 0
    ? { namespace, name: account }
    : undefined;
}

const nodeOf = (name: string): string | undefined =>
  name.startsWith('system:node:') ? name.slice('system:node:'.length) : undefined;

function impersonated(wanted: Wanted): User {
  const account = serviceAccountOf(wanted.name);
  const groups = wanted.groups.length === 0 && account ? serviceAccountGroups(account.namespace) : [...wanted.groups];
  if (wanted.name === anonymous.name) {
    if (!groups.includes(allUnauthenticated)) groups.push(allUnauthenticated);
  } else if (!groups.includes(allAuthenticated) && !groups.includes(allUnauthenticated)) groups.push(allAuthenticated);
  return {
    name: wanted.name,
    ...(wanted.uid ? { uid: wanted.uid } : {}),
    groups,
    ...(Object.keys(wanted.extra).length > 0 ? { extra: wanted.extra } : {}),
  };
}
