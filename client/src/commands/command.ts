/** What a command is, what it gets to work with, and how its failures are told. */
import * as vscode from 'vscode';
import type { CommandId } from '#common/protocol/commands.ts';
import type { DocumentTarget } from '#common/protocol/languageServer.ts';
import { contextRow, type ObjectLocator } from '#common/protocol/webview.ts';
import type { Clock } from '#common/base/clock.ts';
import type { Connection, ClusterSession } from '../cluster/clusterSession.ts';
import type { ShownCluster } from '../cluster/shownCluster.ts';
import type { AppliedHistory } from '../apply/appliedHistory.ts';
import type { LanguageServer } from '../language/languageServer.ts';
import type { PortForwards } from '../ports/portForwards.ts';
import type { DetailsPanels } from '../views/detailsPanels.ts';
import type { LiveObjects } from '../views/liveObjects.ts';
import type { Snippets } from '../views/snippets.ts';
import type { Dashboard } from '#dashboard/dashboard.ts';
import type { ApplyOnSave } from '../apply/applyOnSave.ts';
import type { ApplyReport } from '../apply/applyReport.ts';
import type { LogViews } from '../views/logViews.ts';
import { type Manifest, parseManifests } from '../apply/manifestDocuments.ts';
import { UserError } from '../userError.ts';

/** The parts of the extension that commands work with. */
export interface Services {
  /** The playground of this window. */
  readonly session: ClusterSession;
  /** What is shown: the playground, or another cluster. */
  readonly cluster: ShownCluster;
  readonly dashboard: Dashboard;
  readonly report: ApplyReport;
  readonly applyOnSave: ApplyOnSave;
  readonly history: AppliedHistory;
  readonly logs: LogViews;
  readonly details: DetailsPanels;
  readonly forwards: PortForwards;
  readonly liveObjects: LiveObjects;
  readonly snippets: Snippets;
  readonly language: LanguageServer;
  readonly clock: Clock;
}

export interface Command {
  readonly id: CommandId;
  /** It changes the cluster: refused where that is only to be looked at. */
  readonly changes?: true;
  run(services: Services, ...args: unknown[]): Promise<void>;
}

export function connectionOf({ cluster }: Services): Connection {
  if (!cluster.connection) throw new UserError(vscode.l10n.t('No cluster runs. Start it first.'));
  return cluster.connection;
}

/** Throws a UserError where the shown cluster is only to be looked at. */
export function refuseReadOnly({ cluster }: Services): void {
  if (cluster.access !== 'readOnly') return;
  throw new UserError(
    vscode.l10n.t(
      'The cluster {0} is shown read-only. To change it from here, name it in the user setting kubePlayground.allowedContexts.',
      cluster.name,
    ),
  );
}

/** The object that a command is meant for: of the tree's row it was called on, else the one under the cursor. */
export async function targetOf({ dashboard, cluster }: Services, argument: unknown): Promise<ObjectLocator> {
  const row = contextRow(argument);
  if (row !== undefined) {
    const object = dashboard.model.row(row)?.object;
    if (!object) throw new UserError(vscode.l10n.t('This object is gone.'));
    return object;
  }
  const given = locatorOf(argument) ?? (await underCursor(cluster.connection?.namespace));
  if (!given) throw new UserError(vscode.l10n.t('Put the cursor into a Kubernetes object, or right-click one in the tree.'));
  return given;
}

/** The object under the cursor, if there is one. */
export async function underCursor(namespace: string | undefined): Promise<ObjectLocator | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  const offset = editor.document.offsetAt(editor.selection.active);
  const { documents } = await parseManifests(editor.document.getText());
  // The cursor may be on the lines between two documents: then the one above is meant.
  const found = documents.findLast(({ range }) => range.start <= offset) ?? documents[0];
  return found && locatorOfManifest(found.object, namespace);
}

export const locatorOfManifest = ({ apiVersion, kind, metadata }: Manifest, namespace = ''): ObjectLocator => ({
  apiVersion,
  kind,
  namespace: metadata.namespace ?? namespace,
  name: metadata.name ?? '',
});

/** What the details page hands over: a locator; and the language server's lenses: a DocumentTarget. */
export function locatorOf(argument: unknown): ObjectLocator | undefined {
  if (typeof argument !== 'object' || argument === null || argument instanceof vscode.Uri) return undefined;
  if ('object' in argument) return locatorOf(argument.object);
  const { apiVersion, kind, namespace = '', name, container } = argument as Record<string, unknown>;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string') return undefined;
  if (typeof namespace !== 'string') return undefined;
  return { apiVersion, kind, namespace, name, ...(typeof container === 'string' ? { container } : {}) };
}

/** The document that a lens stands above. */
export function documentTargetOf(argument: unknown): DocumentTarget | undefined {
  const { uri, index, object } = (argument ?? {}) as Partial<DocumentTarget>;
  const locator = locatorOf(object);
  return typeof uri === 'string' && typeof index === 'number' && locator ? { uri, index, object: locator } : undefined;
}

/** The object's path in the API; a UserError where the cluster has no such kind. */
export async function pathOf(connection: Connection, object: ObjectLocator): Promise<string> {
  const path = await connection.resources.pathOf(object);
  if (path === undefined)
    throw new UserError(vscode.l10n.t('The cluster has no kind {0} in {1}.', object.kind, object.apiVersion));
  return path;
}

/** `deployment/web` */
export const titleOf = ({ kind, name }: { kind: string; name: string }): string => `${kind.toLowerCase()}/${name}`;
