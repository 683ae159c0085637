/** What the menu of a row does in a browser, where questions are dialogs of the page. */
import type { CommandId } from '#common/protocol/commands.ts';
import { scalableKinds } from '#common/protocol/commands.ts';
import type { AskMessage, ToBrowser } from '#common/protocol/browser.ts';
import { filled } from '#common/protocol/treeTexts.ts';
import type { ObjectLocator } from '#common/protocol/webview.ts';
import { type ApiClient, mergePatch } from '#apiClient/apiClient.ts';
import type { Resources } from '#apiClient/resources.ts';
import type { Words } from './languages.ts';

export interface ActionContext {
  readonly api: ApiClient;
  readonly resources: Resources;
  readonly words: Words;
  send(message: ToBrowser): void;
  /** The answer, or undefined when the dialog was cancelled. */
  ask(question: Omit<AskMessage, 'type' | 'id' | 'cancel'>): Promise<string | undefined>;
}

const most = 99_999;

/** Runs a command for an object; what it is not meant for does nothing. Rejects with the API's refusal. */
export async function runAction(command: CommandId, object: ObjectLocator, ctx: ActionContext): Promise<void> {
  switch (command) {
    case 'kubePlayground.describe':
      return ctx.send({ type: 'open', object });
    case 'kubePlayground.showLogs':
      return ctx.send({ type: 'open', object, tab: 'logs' });
    case 'kubePlayground.copyName':
      return ctx.send({ type: 'copy', text: object.container ?? object.name });
    case 'kubePlayground.scale':
      return scale(object, ctx);
    case 'kubePlayground.deleteObject':
      return remove(object, ctx);
    default:
      return undefined;
  }
}

async function scale(object: ObjectLocator, { api, ask, send, words, ...ctx }: ActionContext): Promise<void> {
  if (!(scalableKinds as readonly string[]).includes(object.kind)) return;
  const { browser: texts } = words;
  const path = `${await pathOf(object, ctx.resources, texts.gone)}/scale`;
  const { spec } = await api.get<{ spec?: { replicas?: number } }>(path);
  const before = spec?.replicas ?? 0;
  const title = filled(texts.scaleTitle, titleOf(object));
  const answer = await ask({ title, confirm: texts.scale, number: { label: texts.replicas, value: before, max: most } });
  const replicas = Number(answer);
  if (!answer || !Number.isInteger(replicas) || replicas < 0 || replicas > most) return;
  await api.send('PATCH', `${path}?fieldManager=kube-playground`, { spec: { replicas } }, mergePatch);
  send({ type: 'say', text: filled(texts.scaled, titleOf(object), before, replicas), isProblem: false });
}

async function remove(object: ObjectLocator, { api, ask, send, words, ...ctx }: ActionContext): Promise<void> {
  const { browser: texts } = words;
  const path = await pathOf(object, ctx.resources, texts.gone);
  const detail = takesAlong(object.kind, words);
  const title = filled(texts.deleteTitle, titleOf(object));
  const answer = await ask({ title, confirm: texts.delete, isDangerous: true, ...(detail ? { detail } : {}) });
  if (answer === undefined) return;
  await api.send('DELETE', `${path}?propagationPolicy=Background`);
  send({ type: 'say', text: filled(texts.deleted, titleOf(object)), isProblem: false });
}

/** What goes with it. */
function takesAlong(kind: string, { browser: texts }: Words): string | undefined {
  switch (kind) {
    case 'Namespace':
      return texts.takesNamespace;
    case 'Deployment':
    case 'ReplicaSet':
    case 'ReplicationController':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'Job':
      return texts.takesPods;
    case 'CronJob':
      return texts.takesJobs;
    default:
      return undefined;
  }
}

async function pathOf(object: ObjectLocator, resources: Resources, gone: string): Promise<string> {
  const path = await resources.pathOf(object);
  if (path === undefined) throw new ActionError(gone);
  return path;
}

/** Something to tell a person in its own words. */
export class ActionError extends Error {}

/** `deployment/web` */
const titleOf = ({ kind, name }: ObjectLocator): string => `${kind.toLowerCase()}/${name}`;
