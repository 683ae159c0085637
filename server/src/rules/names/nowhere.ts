/** When a name leads nowhere, and how to say so: the one place where the workspace, the cluster and what others make are weighed. */
import { isJsonObject } from '#common/api/ownProperty.ts';
import type { KindName, LiveFacts } from '../../facts/liveFacts.ts';
import type { L10n } from '../../l10n.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { NameLink } from '../../workspace/links.ts';
import type { ManifestObject } from '../../workspace/manifestObject.ts';
import { nearestText } from '../../workspace/nearMiss.ts';
import type { ReferenceGraph } from '../../workspace/referenceGraph.ts';

/** Objects that make a Secret or a ConfigMap when their operator sees them, and where they say its name. */
const makers: readonly { readonly makes: string; readonly kind: KindName; readonly namePath?: readonly string[] }[] = [
  { makes: 'Secret', kind: { group: 'cert-manager.io', kind: 'Certificate' }, namePath: ['spec', 'secretName'] },
  { makes: 'Secret', kind: { group: 'external-secrets.io', kind: 'ExternalSecret' }, namePath: ['spec', 'target', 'name'] },
  { makes: 'Secret', kind: { group: 'bitnami.com', kind: 'SealedSecret' } },
  { makes: 'Secret', kind: { group: 'isindir.github.com', kind: 'SopsSecret' } },
  { makes: 'ConfigMap', kind: { group: 'trust.cert-manager.io', kind: 'Bundle' } },
];

export function madeByOthers(graph: ReferenceGraph, { group, kind }: KindName, namespace: string, name: string): boolean {
  if (group !== '') return false;
  return makers.some(
    (maker) =>
      maker.makes === kind &&
      graph
        .objectsOf(maker.kind)
        .some(
          (object) => (object.namespace === namespace || object.namespace === '') && madeName(object, maker.namePath) === name,
        ),
  );
}

function madeName(object: ManifestObject, path: readonly string[] = []): string {
  let value: unknown = object.document.value;
  for (const step of path) value = isJsonObject(value) ? value[step] : undefined;
  return path.length > 0 && typeof value === 'string' ? value : object.name;
}

/** Whether something in the workspace or the cluster has the name. */
export function exists(
  { graph, facts }: Pick<Snapshot, 'graph' | 'facts'>,
  kind: KindName,
  namespace: string,
  name: string,
): boolean {
  return (
    graph.objectsNamed(kind, namespace, name).length > 0 ||
    facts.get(kind, namespace, name) !== undefined ||
    graph.generatedNamed(kind, name).length > 0 ||
    madeByOthers(graph, kind, namespace, name)
  );
}

/** `No ConfigMap "web" in namespace "shop"; did you mean "webb"?` */
export function nowhereMessage(
  { facts, l10n }: Pick<Snapshot, 'facts' | 'l10n'>,
  { to, namespace, name }: NameLink,
  nearest: string | undefined,
): string {
  return suggesting(l10n, namespace ? noneInNamespace(facts, l10n, to, name, namespace) : none(facts, l10n, to, name), nearest);
}

const none = (facts: LiveFacts, { t }: L10n, to: KindName, name: string): string =>
  facts.knows(to)
    ? t('No {0} "{1}", neither in the workspace nor in the cluster', to.kind, name)
    : t('No {0} "{1}" of the workspace', to.kind, name);

const noneInNamespace = (facts: LiveFacts, { t }: L10n, to: KindName, name: string, namespace: string): string =>
  facts.knows(to)
    ? t('No {0} "{1}" in namespace "{2}", neither in the workspace nor in the cluster', to.kind, name, namespace)
    : t('No {0} "{1}" in namespace "{2}" of the workspace', to.kind, name, namespace);

export const suggesting = ({ t }: L10n, message: string, nearest: string | undefined): string =>
  nearest === undefined ? message : t('{0}; did you mean "{1}"?', message, nearest);

/** The name of this kind that comes nearest, in the same namespace. */
export function nearestName(
  { graph, facts }: Pick<Snapshot, 'graph' | 'facts'>,
  kind: KindName,
  namespace: string,
  name: string,
): string | undefined {
  const names = new Set(graph.objectsOf(kind, namespace).map((object) => object.name));
  for (const generated of graph.generatedOf(kind)) names.add(generated.name);
  for (const { metadata } of facts.list(kind, namespace)) if (metadata.name) names.add(metadata.name);
  names.delete(name);
  return nearestText(name, names);
}
