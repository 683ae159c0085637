import * as vscode from 'vscode';
import { browsableKinds } from '#common/protocol/commands.ts';
import type { ObjectLocator } from '#common/protocol/webview.ts';
import type { Ingress, NodeList, Service } from '#common/schema/generated/types.ts';
import type { Connection } from '../cluster/clusterSession.ts';
import { ingressTargets, serviceUrl } from '../plans/ports.ts';
import { pickPort, podPortOf, portsOf } from '../ports/forwardTo.ts';
import { type Command, connectionOf, pathOf, type Services, titleOf } from './command.ts';
import { UserError } from '../userError.ts';
import { openUrl } from './portForward.ts';
import { oneTargetOf } from './targets.ts';

/** Opens what a Service, an Ingress or a pod serves: where it answers outside the cluster, or else over a forwarded port. */
export const openInBrowser: Command = {
  id: 'kubePlayground.openInBrowser',
  async run(services, ...args) {
    const connection = connectionOf(services);
    const target = await oneTargetOf(services, args, browsableKinds);
    if (!target) return;
    if (target.kind !== 'Ingress') {
      const url = await urlOf(services, connection, target);
      if (url !== undefined) await openUrl(url);
      return;
    }
    const backend = await pickBackend(connection, target);
    if (!backend) return;
    const service: ObjectLocator = { apiVersion: 'v1', kind: 'Service', namespace: target.namespace, name: backend.service };
    const url = await urlOf(services, connection, service, backend.port);
    if (url !== undefined) await openUrl(url + backend.path);
  },
};

async function pickBackend(
  connection: Connection,
  target: ObjectLocator,
): Promise<ReturnType<typeof ingressTargets>[number] | undefined> {
  const targets = ingressTargets(await connection.api.get<Ingress>(await pathOf(connection, target)));
  if (targets.length === 0) throw new UserError(vscode.l10n.t('{0} leads to no Service.', titleOf(target)));
  if (targets.length === 1) return targets[0];
  const items = targets.map((each) => ({ label: each.title, each }));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which path?') }))?.each;
}

/** `wanted` is a port of the Service, by number or name. Undefined when a person chose none. */
async function urlOf(
  services: Services,
  connection: Connection,
  target: ObjectLocator,
  wanted?: number | string,
): Promise<string | undefined> {
  if (target.kind === 'Service') {
    const service = await connection.api.get<Service>(await pathOf(connection, target));
    const isPlayground = connection.context === undefined;
    const nodes = isPlayground ? [] : (await connection.api.get<NodeList>('/api/v1/nodes')).items;
    const url = serviceUrl(service, isPlayground, nodes);
    if (url !== undefined) return url;
  }
  const ports = await portsOf(connection, target);
  const fitting = ports.filter(({ port, name }) => wanted === undefined || wanted === port || wanted === name);
  const choice = await pickPort(target, fitting);
  if (!choice) return undefined;
  const title = `${titleOf(target)}:${choice.port}`;
  const running =
    services.forwards.find(connection, title) ??
    (await services.forwards.start(connection, title, await podPortOf(connection, target, choice), 0, choice.secure));
  return running.url;
}
