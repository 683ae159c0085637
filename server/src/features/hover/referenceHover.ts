/** Hover on a name: the gist of what is named, from the workspace and from the cluster. */
import { isJsonObject } from '#common/api/ownProperty.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import type { Column, KindDefinition } from '#common/kinds/defineKind.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { KindName } from '../../facts/liveFacts.ts';
import type { L10n } from '../../l10n.ts';
import type { ManifestObject } from '../../workspace/manifestObject.ts';
import { symbolAt } from '../navigation/symbolAt.ts';
import type { AtOffset, Hover } from '../feature.ts';

export const provideReferenceHover: AtOffset<Hover> = (snapshot, file, offset) => {
  const link = snapshot.graph.linkAt(file, offset);
  if (link?.type !== 'name' && link?.type !== 'key') return undefined;
  const found = symbolAt(snapshot, file, offset);
  const { to, namespace, name } = link;
  const { l10n } = snapshot;
  const written = snapshot.graph.objectsNamed(to, namespace, name);
  const live = snapshot.facts.get(to, namespace, name);
  const title = `**${to.kind} \`${name}\`**`;
  const lines = [namespace ? l10n.t('{0} in namespace {1}', title, `\`${namespace}\``) : title];
  for (const object of written)
    lines.push(l10n.t('In the workspace: {0}', l10n.clauses(fileName(object), ...gist(to, object.document.value, l10n))));
  if (live) {
    const more = written.length > 0 ? [] : gist(to, live, l10n);
    lines.push(l10n.t('In the cluster: {0}', l10n.clauses(liveText(snapshot, to, live), ...more)));
  }
  if (written.length === 0 && !live)
    lines.push(l10n.t(snapshot.facts.knows(to) ? 'Neither in the workspace nor in the cluster.' : 'Not in the workspace.'));
  return { ...(found ? { range: found.range } : {}), markdown: lines.join('\n\n') };
};

const fileName = ({ uri }: ManifestObject): string => `\`${decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1))}\``;

/** What the kind's columns say of it, without name and age. */
export function liveText(
  { index, now, l10n }: Pick<Snapshot, 'index' | 'now' | 'l10n'>,
  kind: KindName,
  object: UntypedObject,
): string {
  const definition: KindDefinition | undefined = index.kinds.named(kind);
  const columns = (definition?.columns ?? []) as readonly Column<KubeObject>[];
  const told = columns
    .filter(({ name, priority }) => name !== 'Name' && !priority)
    .flatMap((column) => {
      const cell = cellOf(column, object, now);
      return cell === undefined || cell === '' || cell === '<none>' ? [] : [`${column.name.toLowerCase()} ${cell}`];
    });
  return l10n.clauses(...told) || l10n.t('present');
}

/** Columns read fields that the facts may have left out to save memory. */
function cellOf(column: Column<KubeObject>, object: UntypedObject, now: number): string | undefined {
  try {
    const cell = column.cell(object, now);
    return cell === undefined || cell === null ? undefined : String(cell);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Keys of a ConfigMap or Secret (never their values), ports of a Service, the request of a claim. */
function gist({ group, kind }: KindName, value: unknown, l10n: L10n): string[] {
  if (!isJsonObject(value) || group !== '') return [];
  if (kind === 'ConfigMap' || kind === 'Secret') {
    const keys = ['data', 'stringData', 'binaryData'].flatMap((field) =>
      isJsonObject(value[field]) ? Object.keys(value[field]) : [],
    );
    return [keys.length > 0 ? l10n.t('keys {0}', l10n.list(keys.map((key) => `\`${key}\``))) : l10n.t('no keys')];
  }
  const spec = isJsonObject(value['spec']) ? value['spec'] : {};
  if (kind === 'Service') {
    const ports = Array.isArray(spec['ports']) ? spec['ports'].filter(isJsonObject) : [];
    const listed = ports.length > 0 ? l10n.t('ports {0}', l10n.list(ports.map(portText))) : l10n.t('no ports');
    return [String(spec['type'] ?? 'ClusterIP'), listed];
  }
  return [];
}

const portText = ({ name, port, targetPort }: Readonly<Record<string, unknown>>): string =>
  `${typeof name === 'string' ? `${name} ` : ''}${String(port)}${targetPort === undefined || targetPort === port ? '' : ` → ${String(targetPort)}`}`;
