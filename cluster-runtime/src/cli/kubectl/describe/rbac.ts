import type { ClusterRole, PolicyRule, RoleBinding } from '#common/schema/generated/types.ts';
import { headLines } from './common.ts';
import { type Describer, Page } from './describer.ts';

interface FlatRule {
  readonly group: string;
  readonly resource: string;
  readonly url: string;
  readonly name: string;
  readonly verbs: string[];
}

export const describeRole: Describer = (_, object) => {
  const { rules } = object as unknown as ClusterRole;
  const page = new Page();
  headLines(page, object, { namespace: false });
  page.lines(0, [
    'PolicyRule:',
    '  Resources\tNon-Resource URLs\tResource Names\tVerbs',
    '  ---------\t-----------------\t--------------\t-----',
  ]);
  for (const { group, resource, url, name, verbs } of compacted(rules ?? []))
    page.line(1, [withGroup(resource, group), bracketed(url), bracketed(name), `[${verbs.join(' ')}]`].join('\t'));
  return Promise.resolve(page.toString());
};

const bracketed = (text: string): string => `[${text}]`;

/** One line for each resource and name, with the verbs of all rules about it. */
function compacted(rules: readonly PolicyRule[]): FlatRule[] {
  const found = new Map<string, FlatRule>();
  const add = (group: string, resource: string, url: string, name: string, verbs: readonly string[]): void => {
    const key = [group, resource, url, name].join('\0');
    const rule = found.get(key) ?? { group, resource, url, name, verbs: [] };
    rule.verbs.push(...verbs);
    found.set(key, rule);
  };
  for (const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [], verbs } of rules) {
    for (const group of apiGroups)
      for (const resource of resources)
        for (const name of resourceNames.length ? resourceNames : ['']) add(group, resource, '', name, verbs);
    for (const url of nonResourceURLs) add('', '', url, '', verbs);
  }
  return [...found.values()].sort((a, b) => (sortText(a) < sortText(b) ? -1 : 1));
}

/** Verbs come first, then groups. */
const sortText = ({ verbs, group, resource, name, url }: FlatRule): string =>
  [verbs.join(' '), group, resource, name, url].map((part) => `[${part}]`).join(',');

/** `deployments.apps/scale` */
function withGroup(resource: string, group: string): string {
  if (!group) return resource;
  const slash = resource.indexOf('/');
  return slash < 0 ? `${resource}.${group}` : `${resource.slice(0, slash)}.${group}${resource.slice(slash)}`;
}

export const describeRoleBinding: Describer = (_, object) => {
  const { roleRef, subjects } = object as unknown as RoleBinding;
  const page = new Page();
  headLines(page, object, { namespace: false });
  page.line(0, 'Role:');
  page.line(1, `Kind:\t${roleRef.kind}`);
  page.line(1, `Name:\t${roleRef.name}`);
  page.lines(0, ['Subjects:', '  Kind\tName\tNamespace', '  ----\t----\t---------']);
  for (const { kind, name, namespace = '' } of subjects ?? []) page.line(1, `${kind}\t${name}\t${namespace}`);
  return Promise.resolve(page.toString());
};
