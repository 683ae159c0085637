/** From an object and a port of it to a pod that answers there. */
import * as vscode from 'vscode';
import type { KubeObject } from '#common/api/meta.ts';
import type { ObjectLocator } from '#common/protocol/webview.ts';
import type { Pod, PodSpec, Service } from '#common/schema/generated/types.ts';
import type { PortTarget } from '#apiClient/streams/portForward.ts';
import type { Connection } from '../cluster/clusterSession.ts';
import { pathOf, titleOf } from '../commands/command.ts';
import { UserError } from '../userError.ts';
import { podsBehind } from '../commands/podsBehind.ts';
import { bestPod, containerPorts, type PortChoice, servicePorts, targetIn } from '../plans/ports.ts';

interface Workload extends KubeObject {
  readonly spec?: PodSpec & { readonly template?: { readonly spec?: PodSpec } };
}

/** What the object itself says of its ports. */
export async function portsOf(connection: Connection, target: ObjectLocator): Promise<PortChoice[]> {
  const object = await connection.api.get<KubeObject>(await pathOf(connection, target));
  if (target.kind === 'Service') return servicePorts(object as Service);
  const { spec } = object as Workload;
  return containerPorts(spec?.template?.spec ?? spec);
}

/** Of several ports a person chooses one; where none is declared they say a number. Undefined when they do not. */
export async function pickPort(target: ObjectLocator, ports: readonly PortChoice[]): Promise<PortChoice | undefined> {
  if (ports.length === 1) return ports[0];
  const title = vscode.l10n.t('Port of {0}', titleOf(target));
  if (ports.length > 1) {
    const items = ports.map((choice) => ({ label: String(choice.port), description: choice.name ?? '', choice }));
    return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.choice;
  }
  const text = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('It declares none. Which port do its containers listen on?'),
    value: '80',
    validateInput: (value) => (isPort(value) ? undefined : vscode.l10n.t('A number from 1 to 65535')),
  });
  return text === undefined ? undefined : { port: Number(text), target: Number(text), secure: false };
}

export const isPort = (text: string): boolean => /^\d{1,5}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= 65_535;

/** Throws a UserError where no pod runs behind it. */
export async function podPortOf(
  connection: Connection,
  target: ObjectLocator,
  { port, target: inPod }: PortChoice,
): Promise<PortTarget> {
  const pod: Pod | undefined = bestPod(await podsBehind(connection, target));
  if (!pod) throw new UserError(vscode.l10n.t('No pod runs behind {0}.', titleOf(target)));
  const number = targetIn(pod, inPod);
  const { namespace = 'default', name = '' } = pod.metadata;
  if (number === undefined) throw new UserError(vscode.l10n.t('Pod {0} has no port for {1}.', name, `${port} → ${inPod}`));
  return { namespace, pod: name, port: number };
}
