/** Whether rules that somebody holds cover rules that they want to give away, and how Kubernetes prints what is missing. */
import type { PolicyRule } from '#common/schema/generated/types.ts';

/** One right: a verb on one resource (perhaps of one name), or on one path. */
interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly names: readonly string[];
  /** Set for what is no resource. */
  readonly url: string | undefined;
}

function* rightsOf(rule: PolicyRule): Generator<Right> {
  const names = rule.resourceNames ?? [];
  for (const group of rule.apiGroups ?? []) {
    for (const resource of rule.resources ?? []) {
      for (const verb of rule.verbs) yield { verb, group, resource, names, url: undefined };
    }
  }
  for (const url of rule.nonResourceURLs ?? []) {
    for (const verb of rule.verbs) yield { verb, group: '', resource: '', names: [], url };
  }
}

const has = (list: readonly string[] | undefined, value: string): boolean =>
  !!list && (list.includes('*') || list.includes(value));

function covers(rule: PolicyRule, right: Right): boolean {
  if (!has(rule.verbs, right.verb)) return false;
  if (right.url !== undefined) {
    const { url } = right;
    return (rule.nonResourceURLs ?? []).some(
      (held) => held === '*' || held === url || (held.endsWith('*') && url.startsWith(held.slice(0, -1))),
    );
  }
  if (!has(rule.apiGroups, right.group)) return false;
  const slash = right.resource.indexOf('/');
  const allOfSubresource = slash < 0 ? undefined : `*${right.resource.slice(slash)}`;
  const { resources = [] } = rule;
  if (!has(resources, right.resource) && !(allOfSubresource && resources.includes(allOfSubresource))) return false;
  if (!rule.resourceNames?.length) return true;
  return right.names.length > 0 && right.names.every((name) => rule.resourceNames?.includes(name));
}

/** The rights in `wanted` that nothing in `held` covers, put together by resource, as Kubernetes lists them. */
export function missingRules(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): string[] {
  const missing = new Map<string, { right: Right; verbs: string[] }>();
  for (const rule of wanted) {
    for (const right of rightsOf(rule)) {
      if (held.some((own) => covers(own, right))) continue;
      // Rights on paths stay apart; those on one resource are told together.
      const key =
        right.url === undefined
          ? JSON.stringify([right.group, right.resource, right.names])
          : JSON.stringify([right.url, right.verb]);
      const known = missing.get(key);
      if (!known) missing.set(key, { right, verbs: [right.verb] });
      else if (!known.verbs.includes(right.verb)) known.verbs.push(right.verb);
    }
  }
  return [...new Set([...missing.values()].map(({ right, verbs }) => describe(right, verbs)))].sort();
}

export const quotedList = (values: readonly string[]): string => `[${values.map((value) => JSON.stringify(value)).join(' ')}]`;

function describe({ group, resource, names, url }: Right, verbs: readonly string[]): string {
  if (url !== undefined) return `{NonResourceURLs:${quotedList([url])}, Verbs:${quotedList(verbs)}}`;
  const namesText = names.length > 0 ? `, ResourceNames:${quotedList(names)}` : '';
  return `{APIGroups:${quotedList([group])}, Resources:${quotedList([resource])}${namesText}, Verbs:${quotedList(verbs)}}`;
}
