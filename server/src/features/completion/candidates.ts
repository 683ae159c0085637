/** Objects that a reference may name: those of the workspace and those of the cluster, each once, saying where it is from. */
import type { UntypedObject } from '#common/api/meta.ts';
import type { KindName } from '../../facts/liveFacts.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { ManifestObject } from '../../workspace/manifestObject.ts';
import { completionLimit } from '../feature.ts';
import { fits } from './place.ts';

export interface Candidate {
  readonly name: string;
  readonly namespace: string;
  readonly inWorkspace: ManifestObject | undefined;
  readonly live: UntypedObject | undefined;
  /** `app/config.yaml`, `cluster`, or `always there`. */
  readonly from: string;
}

/** What a cluster has of its own accord. */
const builtin: Readonly<Record<string, readonly string[]>> = {
  '/Namespace': ['default', 'kube-system', 'kube-public', 'kube-node-lease'],
  '/ServiceAccount': ['default'],
  'scheduling.k8s.io/PriorityClass': ['system-cluster-critical', 'system-node-critical'],
  'rbac.authorization.k8s.io/ClusterRole': ['cluster-admin', 'admin', 'edit', 'view'],
};

/** `namespace` undefined: of all. `typed` only cuts long lists short. */
export function candidatesOf(
  { graph, facts, l10n }: Pick<Snapshot, 'graph' | 'facts' | 'l10n'>,
  kind: KindName,
  namespace: string | undefined,
  typed = '',
): Candidate[] {
  const found = new Map<string, Candidate>();
  const put = (name: string, inNamespace: string, rest: Partial<Candidate> & { from: string }): void => {
    const key = `${inNamespace}/${name}`;
    const before = found.get(key);
    if (!before && found.size >= completionLimit && !fits(typed, name)) return;
    const from = before && before.from !== rest.from ? `${before.from} · ${rest.from}` : rest.from;
    found.set(key, { name, namespace: inNamespace, inWorkspace: undefined, live: undefined, ...before, ...rest, from });
  };
  let left = completionLimit * 2;
  for (const object of graph.objectsOf(kind, namespace)) {
    if (left <= 0) break;
    if (typed !== '' && !fits(typed, object.name)) continue;
    left--;
    put(object.name, object.namespace, { inWorkspace: object, from: fileName(object.uri) });
  }
  left = completionLimit * 2;
  for (const live of facts.list(kind, namespace)) {
    if (left <= 0) break;
    const { name = '' } = live.metadata;
    if (typed !== '' && !fits(typed, name)) continue;
    left--;
    put(name, live.metadata.namespace ?? '', { live, from: l10n.t('cluster') });
  }
  const key = `${kind.group}/${kind.kind}`;
  if (Object.hasOwn(builtin, key) && !facts.knows(kind)) {
    for (const name of builtin[key] ?? []) {
      const own = namespace ?? '';
      if (!found.has(`${own}/${name}`)) put(name, own, { from: l10n.t('always there') });
    }
  }
  return [...found.values()];
}

/** The last two parts of a file's path. */
export const fileName = (uri: string): string => decode(uri.split('/').slice(-2).join('/').replace(/^\//, ''));

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
