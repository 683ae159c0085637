/**
 * Puts the cluster into a kubeconfig file. A file that holds other clusters keeps them: only the entries of this
 * cluster's name are replaced, and its context becomes the current one.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CliError } from './cliError.ts';

interface NamedEntry {
  readonly name: string;
}

interface Kubeconfig {
  readonly kind: string;
  readonly 'current-context': string;
  readonly clusters: NamedEntry[];
  readonly users: NamedEntry[];
  readonly contexts: NamedEntry[];
}

const sections = ['clusters', 'users', 'contexts'] as const;

/** Throws CliError when `file` holds something that writing the cluster into it would destroy. */
export async function checkKubeconfigFile(file: string): Promise<void> {
  await mergeInto(file, undefined);
}

/** Brings the cluster of `text` into `file`, readable by its owner alone. */
export async function writeKubeconfigFile(file: string, text: string): Promise<void> {
  replaceKubeconfigFile(file, await mergeInto(file, text));
}

/** Makes `text` all that `file` holds. */
export function replaceKubeconfigFile(file: string, text: string): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { mode: 0o600 });
    chmodSync(file, 0o600);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

const cannotWrite = (file: string, error: unknown): CliError =>
  new CliError(
    `Cannot write the kubeconfig to ${file} (${(error as NodeJS.ErrnoException).code}); choose another file with --kubeconfig.`,
  );

async function mergeInto(file: string, text: string | undefined): Promise<string> {
  if (!existsSync(file)) return text ?? '';
  let present: string;
  try {
    present = readFileSync(file, 'utf8');
  } catch (error) {
    throw cannotWrite(file, error);
  }
  if (present.trim() === '') return text ?? '';
  const { isSeq, parse, parseDocument } = await import('yaml');
  const document = parseDocument(present);
  const holds = document.errors.length === 0 ? (document.toJS() as Partial<Kubeconfig> | null) : null;
  if (holds === null || typeof holds !== 'object' || holds.kind !== 'Config')
    throw new CliError(`${file} is no kubeconfig and is left as it is; choose another file with --kubeconfig.`);
  if (text === undefined) return present;
  const ours = parse(text) as Kubeconfig;
  for (const section of sections) {
    const [entry] = ours[section];
    if (!entry) continue;
    if (!isSeq(document.get(section))) document.set(section, document.createNode([]));
    const at = (holds[section] ?? []).findIndex(({ name }) => name === entry.name);
    if (at >= 0) document.setIn([section, at], document.createNode(entry));
    else document.addIn([section], document.createNode(entry));
  }
  document.set('current-context', ours['current-context']);
  // A folded token or certificate would be the same, but not every reader of kubeconfigs unfolds.
  return document.toString({ lineWidth: 0 });
}
