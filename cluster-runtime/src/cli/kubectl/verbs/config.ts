/** `kubectl config`: what the kubeconfig holds, and which context is the current one. */
import { readFileSync, writeFileSync } from 'node:fs';
import { contextsOf } from '#apiClient/kubeconfig/kubeconfig.ts';
import { isJsonObject } from '#common/api/ownProperty.ts';
import { bool, text } from '../flags.ts';
import { plainError, usageError } from '../kubectlError.ts';
import { prettyJson, yamlText } from '../output/jsonText.ts';
import { TabWriter, tableLayout } from '../output/tabWriter.ts';
import type { Session } from '../session.ts';
import type { Verb } from './verb.ts';

export const currentContext: Verb = {
  summary: 'Display the current-context.',
  usage: '',
  flags: {},
  async run(session) {
    const { currentContext: current } = await session.kubeconfig();
    if (current === undefined) throw plainError('current-context is not set');
    session.io.out(`${current}\n`);
  },
};

export const getContexts: Verb = {
  summary: 'Describe one or many contexts.',
  usage: '[options]',
  flags: { 'no-headers': bool, output: { ...text, short: 'o' } },
  async run(session) {
    const contexts = contextsOf(await session.kubeconfig()).sort((a, b) => (a.name < b.name ? -1 : 1));
    if (session.flags.text('output') === 'name') return session.io.out(contexts.map(({ name }) => `${name}\n`).join(''));
    const config = await session.kubeconfig();
    const writer = new TabWriter(tableLayout);
    if (!session.flags.bool('no-headers')) writer.write('CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE\n');
    for (const { name, isCurrent, cluster, user } of contexts)
      writer.write(
        `${[isCurrent ? '*' : '', name, cluster, user, String(config.contexts.get(name)?.fields['namespace'] ?? '')].join('\t')}\n`,
      );
    session.io.out(writer.flush());
  },
};

const secretFields: Readonly<Record<string, string>> = {
  'certificate-authority-data': 'DATA+OMITTED',
  'client-certificate-data': 'DATA+OMITTED',
  'client-key-data': 'DATA+OMITTED',
  token: 'REDACTED',
  password: 'REDACTED',
};

export const view: Verb = {
  summary: 'Display merged kubeconfig settings.',
  usage: '[options]',
  flags: { raw: bool, minify: bool, flatten: bool, output: { ...text, short: 'o' } },
  async run(session) {
    const config = await session.kubeconfig();
    const raw = session.flags.bool('raw');
    const only = session.flags.bool('minify') ? config.contexts.get(config.currentContext ?? '')?.fields : undefined;
    const list = (entries: typeof config.contexts, field: string, kept: unknown): object[] =>
      [...entries]
        .filter(([name]) => !only || name === kept)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, { fields }]) => ({
          [field]: Object.fromEntries(
            Object.entries(fields).map(([key, value]) => [
              key,
              !raw && Object.hasOwn(secretFields, key) ? secretFields[key] : value,
            ]),
          ),
          name,
        }));
    const shown = {
      apiVersion: 'v1',
      kind: 'Config',
      preferences: {},
      'current-context': config.currentContext ?? '',
      clusters: list(config.clusters, 'cluster', only?.['cluster']),
      contexts: list(config.contexts, 'context', config.currentContext),
      users: list(config.users, 'user', only?.['user']),
    };
    session.io.out(session.flags.text('output') === 'json' ? prettyJson(shown) : yamlText(shown));
  },
};

export const useContext: Verb = {
  summary: 'Set the current-context in a kubeconfig file.',
  usage: 'CONTEXT_NAME',
  flags: {},
  async run(session) {
    const [name] = session.args;
    if (name === undefined || session.args.length !== 1)
      throw usageError(session.command, 'accepts 1 arg(s), received ' + session.args.length);
    if (!(await session.kubeconfig()).contexts.has(name)) throw plainError(`no context exists with the name: "${name}"`);
    await edit(session, (document) => document.set('current-context', name));
    session.io.out(`Switched to context "${name}".\n`);
  },
};

export const setContext: Verb = {
  summary: 'Set a context entry in kubeconfig.',
  usage: '[NAME | --current] --namespace=namespace',
  flags: { current: bool },
  async run(session) {
    const config = await session.kubeconfig();
    const name = session.flags.bool('current') ? config.currentContext : session.args[0];
    const namespace = session.flags.text('namespace');
    if (name === undefined) throw plainError('no current context is set');
    const at = [...config.contexts.keys()].indexOf(name);
    if (at < 0 || namespace === undefined)
      throw plainError('this kubectl only changes the namespace of a context that is there; edit the kubeconfig for more');
    await edit(session, (document) => {
      const contexts = (document.toJS() as { contexts?: readonly unknown[] }).contexts ?? [];
      const index = contexts.findIndex((context) => isJsonObject(context) && context['name'] === name);
      document.setIn(['contexts', index, 'context', 'namespace'], namespace);
    });
    session.io.out(`Context "${name}" modified.\n`);
  },
};

interface Editable {
  set(key: string, value: unknown): void;
  setIn(path: readonly unknown[], value: unknown): void;
  toJS(): unknown;
}

/** Everything else in the file stays as it is. */
async function edit(session: Session, change: (document: Editable) => void): Promise<void> {
  const { parseDocument } = await import('yaml');
  const [file = ''] = session.kubeconfigFiles;
  const document = parseDocument(readFileSync(file, 'utf8'));
  change(document as unknown as Editable);
  writeFileSync(file, document.toString({ lineWidth: 0 }), { mode: 0o600 });
}
