import * as vscode from 'vscode';
import type { LabelSelector } from '#common/api/meta.ts';
import { selectorText } from '#common/api/labelSelector.ts';
import { since } from '#common/kinds/columns.ts';
import type { ControllerRevisionList, Deployment, ReplicaSetList } from '#common/schema/generated/types.ts';
import { restartableKinds } from '#common/protocol/commands.ts';
import type { ObjectLocator } from '#common/protocol/webview.ts';
import { jsonPatch, strategicMergePatch } from '#apiClient/apiClient.ts';
import { resourcePath, withQuery } from '#apiClient/apiPath.ts';
import { fieldManager } from '../apply/fieldManager.ts';
import type { Connection } from '../cluster/clusterSession.ts';
import { controllerRevisions, deploymentRevisions, type Revision } from '../plans/rollback.ts';
import { type Command, connectionOf, pathOf, titleOf } from './command.ts';
import { UserError } from '../userError.ts';
import { oneTargetOf } from './targets.ts';

/** Goes back to an earlier revision of a workload, which a person chooses. */
export const rollback: Command = {
  id: 'kubePlayground.rollback',
  changes: true,
  async run(services, ...args) {
    const connection = connectionOf(services);
    const target = await oneTargetOf(services, args, restartableKinds);
    if (!target) return;
    const path = await pathOf(connection, target);
    const revisions = await revisionsOf(connection, target, path);
    if (!revisions.some(({ current }) => !current)) {
      throw new UserError(vscode.l10n.t('{0} has no other revision to go back to.', titleOf(target)));
    }
    const revision = await pick(target, revisions, services.clock.now());
    if (!revision) return;
    const { type, body } = revision.patch;
    const contentType = type === 'json' ? jsonPatch : strategicMergePatch;
    await connection.api.send('PATCH', withQuery(path, { fieldManager }), body, contentType);
    services.report.say(vscode.l10n.t('{0} rolled back to revision {1}', titleOf(target), revision.number));
  },
};

async function revisionsOf({ api }: Connection, target: ObjectLocator, path: string): Promise<Revision[]> {
  const workload = await api.get<Deployment>(path);
  if (target.kind === 'Deployment' && workload.spec?.paused) {
    throw new UserError(vscode.l10n.t('{0} is paused. Resume it first.', titleOf(target)));
  }
  const labelSelector = selectorText(workload.spec?.selector as LabelSelector | undefined);
  const { namespace } = workload.metadata;
  const listPath = (plural: string): string => withQuery(resourcePath('apps/v1', plural, namespace), { labelSelector });
  return target.kind === 'Deployment'
    ? deploymentRevisions(workload, (await api.get<ReplicaSetList>(listPath('replicasets'))).items)
    : controllerRevisions(workload, (await api.get<ControllerRevisionList>(listPath('controllerrevisions'))).items);
}

async function pick(target: ObjectLocator, revisions: readonly Revision[], now: number): Promise<Revision | undefined> {
  const items = revisions
    .filter(({ current }) => !current)
    .map((revision) => ({
      label: vscode.l10n.t('Revision {0}', revision.number),
      description: [revision.images.join(', '), revision.since && since(revision.since, now)].filter((part) => part).join(' · '),
      ...(revision.cause ? { detail: revision.cause } : {}),
      revision,
    }));
  const current = revisions.find((revision) => revision.current);
  const placeHolder = current
    ? vscode.l10n.t('Now at revision {0}: {1}', current.number, current.images.join(', '))
    : vscode.l10n.t('To which revision?');
  const options = {
    title: vscode.l10n.t('Roll back {0}', titleOf(target)),
    placeHolder,
    matchOnDescription: true,
    matchOnDetail: true,
  };
  return (await vscode.window.showQuickPick(items, options))?.revision;
}
