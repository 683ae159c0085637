/**
 * Role-based access control over the cluster's own Roles, ClusterRoles and bindings. They are kept in an index by
 * subject that follows the registry, built when the first request asks that is no superuser's.
 */
import type { KubeObject } from '#common/api/meta.ts';
import type { Disposable } from '#common/base/disposable.ts';
import { unexpected } from '#common/base/unexpected.ts';
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  RbacV1Subject as Subject,
  Role,
  RoleBinding,
} from '#common/schema/generated/types.ts';
import type { Registry, User } from '../registry/registry.ts';
import type { Attributes, Authorizer, Decision } from './authorizer.ts';

const group = 'rbac.authorization.k8s.io';

type Binding = (RoleBinding | ClusterRoleBinding) & KubeObject;

/** One subject of one binding. */
interface Grant {
  readonly binding: Binding;
  readonly subject: Subject;
}

export interface RulesOfUser {
  readonly rules: readonly PolicyRule[];
  /** Roles that bindings name and that do not exist. */
  readonly errors: readonly string[];
}

const subjectKey = (subject: Subject, namespace: string): string => {
  if (subject.kind === 'ServiceAccount') return `User system:serviceaccount:${subject.namespace || namespace}:${subject.name}`;
  return `${subject.kind} ${subject.name}`;
};

/** Follows one resource: the present objects by `namespace/name`, and a callback for each change. */
function follow<T extends KubeObject>(
  registry: Registry,
  plural: string,
  onChange: (key: string, object: T | undefined) => void,
): Disposable {
  const resource = registry.resource(group, 'v1', plural) ?? unexpected(`${plural} are not served`);
  const keyOf = (object: KubeObject): string => `${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`;
  let disposed = false;
  let watch: Disposable | undefined;
  const start = (): void => {
    const { items, resourceVersion } = resource.list({});
    for (const { object } of items) onChange(keyOf(object), object as T);
    watch = resource.watch(
      { resourceVersion },
      (events) => {
        for (const event of events) {
          if (event.type === 'BOOKMARK') continue;
          onChange(keyOf(event.object), event.type === 'DELETED' ? undefined : (event.object as T));
        }
      },
      () => {
        if (!disposed) start();
      },
    );
  };
  start();
  return {
    dispose() {
      disposed = true;
      watch?.dispose();
    },
  };
}

/** Bindings of one scope by subject. */
class GrantIndex {
  readonly #bySubject = new Map<string, Grant[]>();
  readonly #bindings = new Map<string, Binding>();

  set(key: string, binding: Binding | undefined): void {
    const old = this.#bindings.get(key);
    if (old) {
      for (const subject of old.subjects ?? []) {
        const at = subjectKey(subject, old.metadata.namespace ?? '');
        const left = (this.#bySubject.get(at) ?? []).filter((grant) => grant.binding !== old);
        if (left.length > 0) this.#bySubject.set(at, left);
        else this.#bySubject.delete(at);
      }
      this.#bindings.delete(key);
    }
    if (!binding) return;
    this.#bindings.set(key, binding);
    for (const subject of binding.subjects ?? []) {
      const at = subjectKey(subject, binding.metadata.namespace ?? '');
      const grants = this.#bySubject.get(at);
      if (grants) grants.push({ binding, subject });
      else this.#bySubject.set(at, [{ binding, subject }]);
    }
  }

  *of(user: User): Generator<Grant> {
    yield* this.#bySubject.get(`User ${user.name}`) ?? [];
    for (const name of user.groups) yield* this.#bySubject.get(`Group ${name}`) ?? [];
  }
}

export class RbacAuthorizer implements Authorizer, Disposable {
  readonly #registry: Registry;
  readonly #roles = new Map<string, readonly PolicyRule[]>();
  readonly #clusterGrants = new GrantIndex();
  readonly #grantsByNamespace = new Map<string, GrantIndex>();
  #follows: Disposable[] | undefined;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  #index(): void {
    if (this.#follows) return;
    const setRole = (key: string, role: (Role | ClusterRole) | undefined): void => {
      if (role) this.#roles.set(key, role.rules ?? []);
      else this.#roles.delete(key);
    };
    this.#follows = [
      follow<ClusterRole & KubeObject>(this.#registry, 'clusterroles', setRole),
      follow<Role & KubeObject>(this.#registry, 'roles', setRole),
      follow<ClusterRoleBinding & KubeObject>(this.#registry, 'clusterrolebindings', (key, binding) =>
        this.#clusterGrants.set(key, binding),
      ),
      follow<RoleBinding & KubeObject>(this.#registry, 'rolebindings', (key, binding) => {
        const namespace = key.slice(0, key.indexOf('/'));
        let index = this.#grantsByNamespace.get(namespace);
        if (!index) this.#grantsByNamespace.set(namespace, (index = new GrantIndex()));
        index.set(key, binding);
      }),
    ];
  }

  /** The rules that apply to `user` in `namespace` (empty: cluster scope), with the grant each comes from. */
  *#granted(user: User, namespace: string, errors: string[]): Generator<{ grant: Grant; rules: readonly PolicyRule[] }> {
    this.#index();
    const local = namespace ? this.#grantsByNamespace.get(namespace) : undefined;
    for (const index of local ? [this.#clusterGrants, local] : [this.#clusterGrants]) {
      for (const grant of index.of(user)) {
        const rules = this.rulesOfRole(grant.binding.roleRef, grant.binding.metadata.namespace ?? '');
        if (rules) yield { grant, rules };
        else errors.push(roleNotFound(grant.binding));
      }
    }
  }

  /** The rules of the role that a binding in `namespace` names; undefined when it does not exist. */
  rulesOfRole(roleRef: { kind: string; name: string }, namespace: string): readonly PolicyRule[] | undefined {
    this.#index();
    return this.#roles.get(roleRef.kind === 'ClusterRole' ? `/${roleRef.name}` : `${namespace}/${roleRef.name}`);
  }

  rulesFor(user: User, namespace: string): RulesOfUser {
    const errors: string[] = [];
    const rules = [...this.#granted(user, namespace, errors)].flatMap((granted) => granted.rules);
    return { rules, errors };
  }

  authorize(attributes: Attributes): Decision {
    const errors: string[] = [];
    for (const { grant, rules } of this.#granted(attributes.user, attributes.namespace, errors)) {
      if (rules.some((rule) => ruleAllows(rule, attributes)))
        return { allowed: true, reason: `RBAC: allowed by ${describeGrant(grant)}` };
    }
    if (errors.length === 0) return { allowed: false, reason: '' };
    const unique = [...new Set(errors)];
    return { allowed: false, reason: `RBAC: ${unique.length === 1 ? unique[0] : `[${unique.join(', ')}]`}` };
  }

  dispose(): void {
    for (const each of this.#follows ?? []) each.dispose();
  }
}

const roleNotFound = (binding: Binding): string =>
  `${binding.roleRef.kind.toLowerCase()}.${group} "${binding.roleRef.name}" not found`;

function describeGrant({ binding, subject }: Grant): string {
  const { namespace, name } = binding.metadata;
  const bindingText = namespace ? `RoleBinding "${name}/${namespace}"` : `ClusterRoleBinding "${name}"`;
  const subjectText =
    subject.kind === 'ServiceAccount'
      ? `ServiceAccount "${subject.name}/${subject.namespace || namespace}"`
      : `${subject.kind} "${subject.name}"`;
  return `${bindingText} of ${binding.roleRef.kind} "${binding.roleRef.name}" to ${subjectText}`;
}

const hasOrAll = (list: readonly string[] | undefined, value: string): boolean =>
  !!list && (list.includes('*') || list.includes(value));

export function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!hasOrAll(rule.verbs, attributes.verb)) return false;
  if (!attributes.isResource) return urlMatches(rule.nonResourceURLs, attributes.path);
  if (!hasOrAll(rule.apiGroups, attributes.group) || !resourceMatches(rule.resources, attributes)) return false;
  const names = rule.resourceNames;
  return !names || names.length === 0 || names.includes(attributes.name);
}

function resourceMatches(resources: readonly string[] | undefined, { resource, subresource }: Attributes): boolean {
  if (!resources) return false;
  const combined = subresource ? `${resource}/${subresource}` : resource;
  return resources.some((each) => each === '*' || each === combined || (subresource !== '' && each === `*/${subresource}`));
}

function urlMatches(urls: readonly string[] | undefined, path: string): boolean {
  if (!urls) return false;
  return urls.some((url) => url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1))));
}
