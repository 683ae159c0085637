/**
 * The objects that a command was called for: of the tree's row, of a lens, of the files selected in the explorer, or the one
 * under the cursor. From the palette, where none of these fits, a person chooses among those of the cluster.
 */
import * as vscode from 'vscode';
import type { KubeObject } from '#common/api/meta.ts';
import { contextRow, type ObjectLocator } from '#common/protocol/webview.ts';
import { resourcePath } from '#apiClient/apiPath.ts';
import type { Connection } from '../cluster/clusterSession.ts';
import { connectionOf, locatorOf, locatorOfManifest, type Services, targetOf, titleOf, underCursor } from './command.ts';
import { UserError } from '../userError.ts';
import { readManifestFiles, selectedFiles } from './manifestFiles.ts';

/** Whether the explorer called: it hands over all that is selected there. */
export const isExplorerCall = (args: readonly unknown[]): boolean =>
  Array.isArray(args[1]) && args[1].some((each) => each instanceof vscode.Uri);

/** All that are meant; nothing when a person chose none. Throws a UserError where they are of the wrong kind. */
export async function targetsOf(
  services: Services,
  args: readonly unknown[],
  kinds: readonly string[] | undefined,
): Promise<readonly ObjectLocator[]> {
  const fits = ({ kind }: ObjectLocator): boolean => !kinds || kinds.includes(kind);
  const { namespace } = services.cluster.connection ?? {};
  if (isExplorerCall(args)) {
    const { documents } = await readManifestFiles(await selectedFiles(args));
    const found = documents.map(({ object }) => locatorOfManifest(object, namespace)).filter(fits);
    if (found.length === 0) throw new UserError(vscode.l10n.t('Nothing in it is a {0}.', (kinds ?? []).join(', ')));
    return found;
  }
  const isSaid = contextRow(args[0]) !== undefined || locatorOf(args[0]) !== undefined;
  if (isSaid || args[0] instanceof vscode.Uri) {
    const target = await targetOf(services, args[0]);
    if (!fits(target)) throw new UserError(vscode.l10n.t('This is for {0}, not for {1}.', (kinds ?? []).join(', '), target.kind));
    return [target];
  }
  const here = await underCursor(namespace);
  if (here && fits(here)) return [here];
  if (!kinds) return [await targetOf(services, undefined)];
  const chosen = await choose(connectionOf(services), kinds);
  return chosen ? [chosen] : [];
}

/** The one that is meant; undefined when a person chose none. */
export async function oneTargetOf(
  services: Services,
  args: readonly unknown[],
  kinds: readonly string[] | undefined,
): Promise<ObjectLocator | undefined> {
  const targets = await targetsOf(services, args, kinds);
  if (targets.length <= 1) return targets[0];
  return (await vscode.window.showQuickPick(targets.map(itemOf), { placeHolder: vscode.l10n.t('Which object?') }))?.target;
}

const places: Readonly<Record<string, readonly [apiVersion: string, plural: string]>> = {
  Node: ['v1', 'nodes'],
  Pod: ['v1', 'pods'],
  Service: ['v1', 'services'],
  ReplicationController: ['v1', 'replicationcontrollers'],
  Deployment: ['apps/v1', 'deployments'],
  StatefulSet: ['apps/v1', 'statefulsets'],
  DaemonSet: ['apps/v1', 'daemonsets'],
  ReplicaSet: ['apps/v1', 'replicasets'],
  Job: ['batch/v1', 'jobs'],
  CronJob: ['batch/v1', 'cronjobs'],
  Ingress: ['networking.k8s.io/v1', 'ingresses'],
};

async function choose({ api }: Connection, kinds: readonly string[]): Promise<ObjectLocator | undefined> {
  const lists = kinds.map(async (kind) => {
    const [apiVersion, plural] = places[kind] ?? [];
    if (!apiVersion || !plural) return [];
    const { items } = await api.get<{ items: KubeObject[] }>(resourcePath(apiVersion, plural));
    return items.map(({ metadata: { name = '', namespace = '' } }) => itemOf({ apiVersion, kind, namespace, name }));
  });
  const items = (await Promise.all(lists)).flat();
  if (items.length === 0) throw new UserError(vscode.l10n.t('The cluster has no {0}.', kinds.join(', ')));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which object?') }))?.target;
}

const itemOf = (target: ObjectLocator): vscode.QuickPickItem & { target: ObjectLocator } => ({
  label: titleOf(target),
  description: target.namespace,
  target,
});
