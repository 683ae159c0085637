/**
 * A kubeconfig as data: contexts, clusters and users of one or several files, merged as kubectl merges them (whoever says
 * something first is right). What is wrong with a file is said in plain words, with its name; secrets are never repeated.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { KubeconfigError } from './kubeconfigError.ts';

/** The fields of one entry, and the folder that its relative paths start from. */
export interface KubeconfigEntry {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly file: string;
}

export interface Kubeconfig {
  readonly files: readonly string[];
  readonly currentContext: string | undefined;
  readonly contexts: ReadonlyMap<string, KubeconfigEntry>;
  readonly clusters: ReadonlyMap<string, KubeconfigEntry>;
  readonly users: ReadonlyMap<string, KubeconfigEntry>;
}

export interface ContextSummary {
  readonly name: string;
  readonly isCurrent: boolean;
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string;
}

/** The files that kubectl would read: those of KUBECONFIG, or the one in the home folder. */
export function kubeconfigFiles(env: Readonly<Record<string, string | undefined>>, home: string): string[] {
  const named = (env['KUBECONFIG'] ?? '').split(path.delimiter).filter((file) => file !== '');
  return named.length > 0 ? [...new Set(named)] : [path.join(home, '.kube', 'config')];
}

/** Reads and merges. Of several files some may be missing, but not all. Throws KubeconfigError. */
export async function loadKubeconfig(files: readonly string[]): Promise<Kubeconfig> {
  const texts = await Promise.all(files.map(readIfThere));
  const parts = files.flatMap((file, i) => (texts[i] === undefined ? [] : [{ file, text: texts[i] }]));
  if (parts.length === 0) throw new KubeconfigError(`There is no kubeconfig at ${files.join(' or ')}.`);
  return mergeKubeconfigs(await Promise.all(parts.map(({ text, file }) => parseKubeconfig(text, file))));
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new KubeconfigError(`The kubeconfig ${file} cannot be read (${code ?? 'unknown'}).`);
  }
}

/** The text of one file, YAML or JSON. Throws KubeconfigError. */
export async function parseKubeconfig(text: string, file: string): Promise<Kubeconfig> {
  // Loaded with the first kubeconfig: an editor that shows none needs no YAML.
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { prettyErrors: true });
  const [problem] = document.errors;
  if (problem) {
    const [at] = problem.linePos ?? [];
    throw new KubeconfigError(`The kubeconfig ${file} is not valid YAML${at ? ` (line ${at.line}, column ${at.col})` : ''}.`);
  }
  const value: unknown = document.toJS() ?? {};
  if (!isMapping(value) || (value['kind'] !== undefined && value['kind'] !== 'Config'))
    throw new KubeconfigError(`${file} is no kubeconfig.`);
  const current = value['current-context'];
  return {
    files: [file],
    currentContext: typeof current === 'string' && current !== '' ? current : undefined,
    contexts: entriesOf(value, 'contexts', 'context', file),
    clusters: entriesOf(value, 'clusters', 'cluster', file),
    users: entriesOf(value, 'users', 'user', file),
  };
}

function entriesOf(
  config: Readonly<Record<string, unknown>>,
  section: string,
  field: string,
  file: string,
): ReadonlyMap<string, KubeconfigEntry> {
  const list = config[section] ?? [];
  if (!Array.isArray(list)) throw new KubeconfigError(`The kubeconfig ${file} has ${section} that are no list.`);
  const entries = new Map<string, KubeconfigEntry>();
  for (const item of list as unknown[]) {
    const name = isMapping(item) ? item['name'] : undefined;
    if (typeof name !== 'string' || name === '')
      throw new KubeconfigError(`The kubeconfig ${file} has a ${field} without a name.`);
    const fields = (item as Record<string, unknown>)[field] ?? {};
    if (!isMapping(fields)) throw new KubeconfigError(`The kubeconfig ${file} says nothing of its ${field} "${name}".`);
    // Of two entries of a name in one file, kubectl takes the later one.
    entries.set(name, { fields, file });
  }
  return entries;
}

export function mergeKubeconfigs(parts: readonly Kubeconfig[]): Kubeconfig {
  const merged = (section: 'contexts' | 'clusters' | 'users'): Map<string, KubeconfigEntry> => {
    const entries = new Map<string, KubeconfigEntry>();
    for (const part of parts) for (const [name, entry] of part[section]) if (!entries.has(name)) entries.set(name, entry);
    return entries;
  };
  return {
    files: parts.flatMap(({ files }) => files),
    currentContext: parts.find(({ currentContext }) => currentContext !== undefined)?.currentContext,
    contexts: merged('contexts'),
    clusters: merged('clusters'),
    users: merged('users'),
  };
}

/** What there is to choose from, in the order of the files. */
export const contextsOf = (config: Kubeconfig): ContextSummary[] =>
  [...config.contexts].map(([name, { fields }]) => ({
    name,
    isCurrent: name === config.currentContext,
    cluster: textOr(fields['cluster'], ''),
    user: textOr(fields['user'], ''),
    namespace: textOr(fields['namespace'], 'default'),
  }));

const textOr = (value: unknown, fallback: string): string => (typeof value === 'string' && value !== '' ? value : fallback);

export const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
