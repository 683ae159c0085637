/**
 * What expressions ask of authorization: `authorizer.group('apps').resource('deployments').check('create').allowed()`.
 * Checks are made by whoever evaluates the expression. Values of these types are only ever made by the methods here.
 *
 * Differs from Kubernetes: an authorizer never fails, so `errored()` is always false.
 */
import { type CelFunction, method } from '#common/cel/environment.ts';
import { CelOpaque, type CelValue } from '#common/cel/values.ts';

/** What is to be decided; `path` is for what is no resource. */
export interface AccessQuestion {
  /** `system:serviceaccount:…`; undefined: the user of the request. */
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
  readonly verb: string;
  readonly path?: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

export type AccessCheck = (question: AccessQuestion) => { readonly allowed: boolean; readonly reason: string };

type Asked = Partial<AccessQuestion>;

abstract class AuthorizationValue extends CelOpaque {
  override equals(other: CelOpaque): boolean {
    return this === other;
  }

  override toString(): string {
    return this.type;
  }
}

/** What has been said of a question so far, and who is asked in the end. */
abstract class Asking extends AuthorizationValue {
  readonly check: AccessCheck;
  readonly asked: Asked;

  constructor(check: AccessCheck, asked: Asked = {}) {
    super();
    this.check = check;
    this.asked = asked;
  }
}

export class AuthorizerValue extends Asking {
  readonly type = 'kubernetes.authorization.Authorizer';
}

class PathCheck extends Asking {
  readonly type = 'kubernetes.authorization.PathCheck';
}

class GroupCheck extends Asking {
  readonly type = 'kubernetes.authorization.GroupCheck';
}

export class ResourceCheck extends Asking {
  readonly type = 'kubernetes.authorization.ResourceCheck';

  with(more: Asked): ResourceCheck {
    return new ResourceCheck(this.check, { ...this.asked, ...more });
  }
}

class Decision extends AuthorizationValue {
  readonly type = 'kubernetes.authorization.Decision';
  readonly allowed: boolean;
  readonly reason: string;

  constructor({ allowed, reason }: ReturnType<AccessCheck>) {
    super();
    this.allowed = allowed;
    this.reason = reason;
  }
}

const authorizer = 'kubernetes.authorization.Authorizer';
const pathCheck = 'kubernetes.authorization.PathCheck';
const groupCheck = 'kubernetes.authorization.GroupCheck';
const resourceCheck = 'kubernetes.authorization.ResourceCheck';
const decision = 'kubernetes.authorization.Decision';

const decide = ({ check, asked }: PathCheck | ResourceCheck, verb: string): Decision =>
  new Decision(check({ group: '', resource: '', subresource: '', namespace: '', name: '', ...asked, verb }));

const narrowing = (name: 'subresource' | 'namespace' | 'name'): CelFunction =>
  method(resourceCheck, `${name}(string): ${resourceCheck}`, (value: ResourceCheck, text: string) =>
    value.with({ [name]: text }),
  );

/** Selectors of lists: authorization here does not look at them. */
const unheeded = (name: string): CelFunction =>
  method(resourceCheck, `${name}(string): ${resourceCheck}`, (value: ResourceCheck) => value);

export const authorizerFunctions: readonly CelFunction[] = [
  method(authorizer, `path(string): ${pathCheck}`, ({ check, asked }: AuthorizerValue, path: string): CelValue => {
    return new PathCheck(check, { ...asked, path });
  }),
  method(authorizer, `group(string): ${groupCheck}`, ({ check, asked }: AuthorizerValue, group: string): CelValue => {
    return new GroupCheck(check, { ...asked, group });
  }),
  method(
    authorizer,
    `serviceAccount(string, string): ${authorizer}`,
    ({ check }: AuthorizerValue, namespace: string, name: string) =>
      new AuthorizerValue(check, { serviceAccount: { namespace, name } }),
  ),
  method(groupCheck, `resource(string): ${resourceCheck}`, ({ check, asked }: GroupCheck, resource: string): CelValue => {
    return new ResourceCheck(check, { ...asked, resource });
  }),
  narrowing('subresource'),
  narrowing('namespace'),
  narrowing('name'),
  unheeded('labelSelector'),
  unheeded('fieldSelector'),
  method(pathCheck, `check(string): ${decision}`, decide),
  method(resourceCheck, `check(string): ${decision}`, decide),
  method(decision, 'allowed(): bool', ({ allowed }: Decision) => allowed),
  method(decision, 'reason(): string', ({ reason }: Decision) => reason),
  method(decision, 'errored(): bool', () => false),
  method(decision, 'error(): string', () => ''),
];
