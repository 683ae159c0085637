/** What of a cluster a selector matches, in the namespaces that it looks into. */
import type { UntypedObject } from '#common/api/meta.ts';
import type { NamespaceScope, SelectorLink } from '../workspace/links.ts';
import type { LiveFacts } from './liveFacts.ts';

const namespaceKind = { group: '', kind: 'Namespace' };

export function liveMatches(
  facts: LiveFacts,
  { to, scope, selector }: Pick<SelectorLink, 'to' | 'scope' | 'selector'>,
): UntypedObject[] {
  return namespacesOf(facts, scope).flatMap((namespace) =>
    to.kind === 'Pod' && to.group === '' && namespace !== undefined
      ? facts.podsMatching(namespace, selector)
      : facts.list(to, namespace).filter(({ metadata }) => selector.matches(metadata.labels)),
  );
}

/** `[undefined]` stands for all. */
function namespacesOf(facts: LiveFacts, scope: NamespaceScope): (string | undefined)[] {
  if (scope === 'all') return [undefined];
  if ('only' in scope) return [...scope.only];
  return facts
    .list(namespaceKind)
    .filter(({ metadata }) => scope.labelled.matches(metadata.labels))
    .map(({ metadata }) => metadata.name);
}
