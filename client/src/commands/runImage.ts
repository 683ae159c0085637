import * as vscode from 'vscode';
import type { NamespaceList } from '#common/schema/generated/types.ts';
import { readImageReference } from '#common/images/imageReference.ts';
import { contextRow } from '#common/protocol/webview.ts';
import { withQuery } from '#apiClient/apiPath.ts';
import { fieldManager } from '../apply/fieldManager.ts';
import type { Connection } from '../cluster/clusterSession.ts';
import { nameOfImage, objectThatRuns, offeredImages, portsOfImage, type RunRequest } from '../plans/runImage.ts';
import { type Command, connectionOf, pathOf, type Services, titleOf } from './command.ts';
import { writeYaml } from './yamlToWorkspace.ts';

/** Runs an image as a Deployment or as a bare pod, in the cluster or as YAML in the workspace. */
export const runImage: Command = {
  id: 'kubePlayground.runImage',
  changes: true,
  async run(services, argument) {
    const connection = connectionOf(services);
    const image = await pickImage();
    if (!image) return;
    const kind = await pickKind(image);
    if (!kind) return;
    const namespace = await pickNamespace(services, connection, argument);
    if (namespace === undefined) return;
    const name = await vscode.window.showInputBox({
      title: titleFor(image),
      prompt: vscode.l10n.t('Name of it'),
      value: nameOfImage(image),
      validateInput: (text) =>
        /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text)
          ? undefined
          : vscode.l10n.t('Lower-case letters, digits and dashes, at most 63'),
    });
    if (name === undefined) return;
    const [port] = portsOfImage(image);
    const object = objectThatRuns({ kind, name, namespace, image, ...(port === undefined ? {} : { port }) });
    const target = { apiVersion: object.apiVersion ?? '', kind, namespace, name };
    const path = (await pathOf(connection, target)).replace(/\/[^/]*$/, '');
    await connection.api.send('POST', withQuery(path, { fieldManager }), object);
    const write = vscode.l10n.t('Write YAML');
    const told = vscode.l10n.t('{0} created', titleOf(target));
    if ((await vscode.window.showInformationMessage(told, write)) === write) await writeYaml(object);
  },
};

const titleFor = (image: string): string => vscode.l10n.t('Run {0}', image);

/** One of those that do something here, or any other. */
async function pickImage(): Promise<string | undefined> {
  const offered = offeredImages().map(({ name, about, tags }) => ({ label: name, detail: about, tags, typed: false }));
  const pick = vscode.window.createQuickPick<{ label: string; detail: string; tags: readonly string[]; typed: boolean }>();
  pick.title = vscode.l10n.t('Run an image');
  pick.placeholder = vscode.l10n.t('Name of the image, with or without a tag');
  pick.matchOnDetail = true;
  pick.items = offered;
  pick.onDidChangeValue((value) => {
    const text = value.trim();
    const isKnown = offered.some(({ label }) => label === text);
    const isImage = text !== '' && !('problem' in readImageReference(text));
    const typed = { label: text, detail: vscode.l10n.t('this image'), tags: [], typed: true };
    pick.items = isImage && !isKnown ? [...offered, typed] : offered;
  });
  const chosen = await new Promise<(typeof pick.items)[number] | undefined>((resolve) => {
    pick.onDidAccept(() => resolve(pick.activeItems[0]));
    pick.onDidHide(() => resolve(undefined));
    pick.show();
  });
  pick.dispose();
  if (!chosen || chosen.typed) return chosen?.label;
  const tag = await vscode.window.showQuickPick(chosen.tags, {
    title: titleFor(chosen.label),
    placeHolder: vscode.l10n.t('Which tag?'),
  });
  return tag === undefined ? undefined : `${chosen.label}:${tag}`;
}

async function pickKind(image: string): Promise<RunRequest['kind'] | undefined> {
  const items: { label: RunRequest['kind']; description: string }[] = [
    { label: 'Deployment', description: vscode.l10n.t('kept running, can be scaled and rolled out') },
    { label: 'Pod', description: vscode.l10n.t('a single one; nobody makes it again') },
  ];
  return (await vscode.window.showQuickPick(items, { title: titleFor(image) }))?.label;
}

/** Of the row that it was called on; else a person chooses, where there is a choice. */
async function pickNamespace(
  { dashboard }: Services,
  { api, namespace }: Connection,
  argument: unknown,
): Promise<string | undefined> {
  const object = dashboard.model.row(contextRow(argument) ?? '')?.object;
  if (object?.kind === 'Namespace') return object.name;
  const { items } = await api.get<NamespaceList>('/api/v1/namespaces');
  const own = items
    .flatMap(({ metadata, status }) => (status?.phase === 'Terminating' ? [] : (metadata.name ?? [])))
    .filter((name) => !name.startsWith('kube-'));
  const first = namespace ?? 'default';
  const names = own.sort((a, b) => Number(b === first) - Number(a === first));
  if (names.length <= 1) return names[0] ?? first;
  return vscode.window.showQuickPick(names, { placeHolder: vscode.l10n.t('In which namespace?') });
}
