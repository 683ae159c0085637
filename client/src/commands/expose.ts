import * as vscode from 'vscode';
import type { Container, Service } from '#common/schema/generated/types.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { exposableKinds } from '#common/protocol/commands.ts';
import { fieldManager } from '../apply/fieldManager.ts';
import { serviceUrl } from '../plans/ports.ts';
import { type Command, connectionOf, pathOf, titleOf } from './command.ts';
import { UserError } from '../userError.ts';
import { openUrl } from './portForward.ts';
import { oneTargetOf } from './targets.ts';
import { writeYaml } from './yamlToWorkspace.ts';

interface Workload extends KubeObject {
  readonly spec?: {
    readonly selector?: Record<string, string> & { readonly matchLabels?: Record<string, string> };
    readonly template?: { readonly spec?: { readonly containers?: Container[] } };
    readonly containers?: Container[];
  };
}

/** Makes a Service for the pods of a workload: asks for type, port and name, with sensible answers ready. */
export const expose: Command = {
  id: 'kubePlayground.expose',
  changes: true,
  async run(services, ...args) {
    const connection = connectionOf(services);
    const target = await oneTargetOf(services, args, exposableKinds);
    if (!target) return;
    const workload = await connection.api.get<Workload>(await pathOf(connection, target));
    const selector = selectorOf(target.kind, workload);
    if (!selector) throw new UserError(vscode.l10n.t('{0} has no labels that a Service could select by.', titleOf(target)));
    const title = vscode.l10n.t('Expose {0}', titleOf(target));
    const type = await pickType(title);
    if (!type) return;
    const port = await vscode.window.showInputBox({
      title,
      prompt: vscode.l10n.t('Port of the Service'),
      value: String(firstPort(workload) ?? 80),
      validateInput: (text) => (isPort(text) ? undefined : vscode.l10n.t('A number from 1 to 65535')),
    });
    if (port === undefined) return;
    const name = await vscode.window.showInputBox({
      title,
      prompt: vscode.l10n.t('Name of the Service'),
      value: target.name,
      validateInput: (text) =>
        /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text)
          ? undefined
          : vscode.l10n.t('Lower-case letters, digits and dashes, at most 63, beginning with a letter'),
    });
    if (name === undefined) return;
    const namespace = workload.metadata.namespace ?? 'default';
    const service: Service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { type, selector, ports: [{ port: Number(port), targetPort: firstPort(workload) ?? Number(port) }] },
    };
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/services?fieldManager=${fieldManager}`;
    const { object: made } = await connection.api.send<Service>('POST', path, service);
    await tell(service, serviceUrl(made, connection.context === undefined));
  },
};

function selectorOf(kind: string, { metadata, spec }: Workload): Record<string, string> | undefined {
  // A ReplicationController's selector is the plain map of the first API.
  const labels =
    kind === 'Pod' ? metadata.labels : kind === 'ReplicationController' ? spec?.selector : spec?.selector?.matchLabels;
  return labels && Object.keys(labels).length > 0 ? labels : undefined;
}

const firstPort = ({ spec }: Workload): number | undefined =>
  (spec?.template?.spec?.containers ?? spec?.containers)?.flatMap(({ ports }) => ports ?? [])[0]?.containerPort;

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= 65_535;

async function pickType(title: string): Promise<string | undefined> {
  const items = [
    { label: 'ClusterIP', description: vscode.l10n.t('an address inside the cluster') },
    { label: 'NodePort', description: vscode.l10n.t('also a port of this machine') },
    { label: 'LoadBalancer', description: vscode.l10n.t('also an address of its own') },
  ];
  return (await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Type of the Service') }))?.label;
}

async function tell(service: Service, url: string | undefined): Promise<void> {
  const name = service.metadata.name ?? '';
  const open = vscode.l10n.t('Open in Browser');
  const write = vscode.l10n.t('Write YAML');
  const told =
    url === undefined ? vscode.l10n.t('service/{0} created', name) : vscode.l10n.t('service/{0} answers at {1}', name, url);
  const answer = await vscode.window.showInformationMessage(told, ...(url === undefined ? [] : [open]), write);
  if (answer === write) await writeYaml(service);
  else if (answer === open && url !== undefined) await openUrl(url);
}
