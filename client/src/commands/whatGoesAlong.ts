/** Says what goes with objects that are about to be deleted, as the cluster has it at this moment. */
import * as vscode from 'vscode';
import type { KubeObject } from '#common/api/meta.ts';
import { ApiError, hasReason } from '#common/api/status.ts';
import type { ObjectLocator } from '#common/protocol/webview.ts';
import { withQuery } from '#apiClient/apiPath.ts';
import { type ApiResource, collectionPath, discover } from '#apiClient/discovery.ts';
import type { Connection } from '../cluster/clusterSession.ts';
import { countKinds, countText, dependentsOf } from '../plans/dependents.ts';

interface Definition extends KubeObject {
  readonly spec?: { readonly group?: string; readonly names?: { readonly kind?: string } };
}

/** Only names and owners come over the wire. */
const metadataOnly = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';
/** What the control plane keeps for itself, and nobody misses. */
const unmentioned = new Set(['Event', 'EndpointSlice', 'Endpoints', 'ControllerRevision', 'Lease']);

/** One line per kind of consequence; nothing where nothing goes along. */
export async function whatGoesAlong(connection: Connection, targets: readonly ObjectLocator[]): Promise<string[]> {
  const { api } = connection;
  const resources = listable(await discover(api));
  const lines: string[] = [];
  const roots = await Promise.all(targets.map((target) => live(connection, target)));
  for (const object of roots) {
    if (object?.kind === 'Namespace') {
      const inside = await listAll(
        connection,
        resources.filter(({ namespaced }) => namespaced),
        object.metadata.name,
      );
      const text = countText(countKinds(inside.filter(isWorthMention)));
      lines.push(vscode.l10n.t('Everything in the namespace {0} goes with it: {1}', object.metadata.name ?? '', text || '–'));
    } else if (object?.kind === 'CustomResourceDefinition') {
      const { group, names } = (object as Definition).spec ?? {};
      const own = resources.filter((resource) => resource.group === group && resource.kind === names?.kind);
      const count = (await listAll(connection, own, undefined)).length;
      if (count > 0) lines.push(vscode.l10n.t('All objects of its kind go with it: {0} {1}', count, names?.kind ?? ''));
    }
  }
  const owners = roots.flatMap((object) => (object && object.kind !== 'Namespace' ? object : []));
  const dependents: KubeObject[] = [];
  for (const namespace of new Set(owners.map(({ metadata }) => metadata.namespace))) {
    const uids = owners.filter(({ metadata }) => metadata.namespace === namespace).map(({ metadata }) => metadata.uid ?? '');
    const candidates = await listAll(
      connection,
      resources.filter(({ namespaced }) => namespaced || !namespace),
      namespace,
    );
    dependents.push(...dependentsOf(uids, candidates));
  }
  const text = countText(countKinds(dependents.filter(isWorthMention)));
  if (text) lines.push(vscode.l10n.t('This goes along: {0}', text));
  return lines;
}

const isWorthMention = ({ kind = '' }: KubeObject): boolean => !unmentioned.has(kind);

async function live({ api, resources }: Connection, target: ObjectLocator): Promise<KubeObject | undefined> {
  const path = await resources.pathOf(target);
  if (path === undefined) return undefined;
  return api.get<KubeObject>(path).catch((error: unknown) => {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  });
}

/** Each kind once, in the version that its group prefers. */
function listable(resources: readonly ApiResource[]): ApiResource[] {
  const seen = new Set<string>();
  return resources.filter(({ group, plural, verbs }) => {
    // What a group shows under another name, such as metrics, is no object that could be deleted.
    if (!verbs.includes('list') || !verbs.includes('delete') || seen.has(`${group} ${plural}`)) return false;
    seen.add(`${group} ${plural}`);
    return true;
  });
}

async function listAll(
  { api }: Connection,
  resources: readonly ApiResource[],
  namespace: string | undefined,
): Promise<KubeObject[]> {
  const lists = resources.map(async (resource) => {
    try {
      const path = withQuery(collectionPath(resource, resource.namespaced ? namespace : undefined), { resourceVersion: '0' });
      const { items } = await api.get<{ items: KubeObject[] }>(path, undefined, metadataOnly);
      return items.map((item) => ({ ...item, kind: resource.kind }));
    } catch (error) {
      // What one may not see, or whose server is down, cannot be told of.
      if (error instanceof ApiError) return [];
      throw error;
    }
  });
  return (await Promise.all(lists)).flat();
}
