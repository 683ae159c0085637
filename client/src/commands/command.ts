/** What a command is, what it gets to work with, and how its failures are told. */
import * as vscode from 'vscode';
import type { CommandId } from '#common/protocol/commands.ts';
import { contextRow, type ObjectLocator } from '#common/protocol/webview.ts';
import type { Connection, ClusterSession } from '../cluster/clusterSession.ts';
import type { Dashboard } from '#dashboard/dashboard.ts';
import type { ApplyOnSave } from '../apply/applyOnSave.ts';
import type { ApplyReport } from '../apply/applyReport.ts';
import type { LogViews } from '../views/logViews.ts';
import { parseManifests } from '../apply/manifestDocuments.ts';

/** The parts of the extension that commands work with. */
export interface Services {
  readonly session: ClusterSession;
  readonly dashboard: Dashboard;
  readonly report: ApplyReport;
  readonly applyOnSave: ApplyOnSave;
  readonly logs: LogViews;
}

export interface Command {
  readonly id: CommandId;
  run(services: Services, ...args: unknown[]): Promise<void>;
}

/** Something a person can mend; the message says how. */
export class UserError extends Error {}

export function connectionOf({ session }: Services): Connection {
  if (!session.connection) throw new UserError(vscode.l10n.t('No cluster runs. Start it first.'));
  return session.connection;
}

/** The object that a command is meant for: of the tree's row it was called on, else the one under the cursor. */
export async function targetOf({ dashboard }: Services, argument: unknown): Promise<ObjectLocator> {
  const row = contextRow(argument);
  if (row !== undefined) {
    const object = dashboard.model.row(row)?.object;
    if (!object) throw new UserError(vscode.l10n.t('This object is gone.'));
    return object;
  }
  const editor = vscode.window.activeTextEditor;
  const offset = editor?.document.offsetAt(editor.selection.active) ?? 0;
  const { documents } = editor ? await parseManifests(editor.document.getText()) : { documents: [] };
  // The cursor may be on the lines between two documents: then the one above is meant.
  const found = documents.findLast(({ range }) => range.start <= offset) ?? documents[0];
  if (!found) throw new UserError(vscode.l10n.t('Put the cursor into a Kubernetes object, or right-click one in the tree.'));
  const { apiVersion, kind, metadata } = found.object;
  return { apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
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
