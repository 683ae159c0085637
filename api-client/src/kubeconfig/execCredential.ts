/**
 * Runs a credential plugin (client.authentication.k8s.io): the program's answer, or one clear sentence on why there is none.
 * It gets no terminal, so a program that wants to ask a person fails by itself.
 */
import { execFile } from 'node:child_process';
import type { ExecPlugin } from '../clusterAccess.ts';
import { ConnectionError } from '../connectionError.ts';

export interface ExecCredential {
  readonly token?: string;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
}

/** A program that waits for something nobody will give it is ended. */
const patienceMs = 60_000;

export async function runExecPlugin(plugin: ExecPlugin): Promise<ExecCredential> {
  if (plugin.interactiveMode === 'Always')
    throw noCredentials(`${plugin.command} wants to ask you in a terminal; run any kubectl command in one first.`);
  return parseCredential(plugin, await output(plugin));
}

function output(plugin: ExecPlugin): Promise<string> {
  const info = {
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(plugin.clusterInfo ? { cluster: plugin.clusterInfo } : {}) },
  };
  const env = { ...process.env, ...plugin.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  return new Promise((resolve, reject) => {
    const child = execFile(
      plugin.command,
      [...plugin.args],
      { env, timeout: patienceMs, windowsHide: true, maxBuffer: 4 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (!error) resolve(stdout);
        else reject(noCredentials(sentenceOf(plugin, error, stderr), error));
      },
    );
    child.stdin?.end();
  });
}

function sentenceOf(plugin: ExecPlugin, error: Error, stderr: string): string {
  const { code, killed } = error as { code?: string | number | null; killed?: boolean };
  const hint = plugin.installHint ? ` ${plugin.installHint.trim()}` : '';
  if (code === 'ENOENT') return `The kubeconfig's credential program ${plugin.command} is not installed.${hint}`;
  if (code === 'EACCES') return `The kubeconfig's credential program ${plugin.command} may not be run.`;
  if (killed) return `The kubeconfig's credential program ${plugin.command} gave no answer in ${patienceMs / 1000} seconds.`;
  const last = stderr.trim().split('\n').at(-1)?.trim();
  const how = typeof code === 'number' ? ` with exit status ${code}` : '';
  return `The kubeconfig's credential program ${plugin.command} failed${how}${last ? `: ${last}` : '.'}`;
}

interface CredentialAnswer {
  readonly kind?: unknown;
  readonly apiVersion?: unknown;
  readonly status?: {
    readonly token?: unknown;
    readonly clientCertificateData?: unknown;
    readonly clientKeyData?: unknown;
    readonly expirationTimestamp?: unknown;
  };
}

function parseCredential(plugin: ExecPlugin, text: string): ExecCredential {
  const problem = (what: string): ConnectionError =>
    noCredentials(`The kubeconfig's credential program ${plugin.command} ${what}.`);
  let answer: CredentialAnswer | null;
  try {
    answer = JSON.parse(text) as CredentialAnswer | null;
  } catch (error) {
    // The text is not repeated: it may hold what it should have held.
    if (error instanceof SyntaxError) throw problem('printed something that is no ExecCredential');
    throw error;
  }
  if (answer?.kind !== 'ExecCredential') throw problem('printed something that is no ExecCredential');
  if (answer.apiVersion !== plugin.apiVersion)
    throw problem(`speaks ${String(answer.apiVersion)}, where the kubeconfig wants ${plugin.apiVersion}`);
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = answer.status ?? {};
  const hasToken = typeof token === 'string' && token !== '';
  const hasCert = typeof cert === 'string' && cert !== '' && typeof key === 'string' && key !== '';
  if (!hasToken && !hasCert) throw problem('gave neither a token nor a certificate with its key');
  const expiresAt = typeof expirationTimestamp === 'string' ? Date.parse(expirationTimestamp) : NaN;
  return {
    ...(hasToken ? { token } : {}),
    ...(hasCert ? { cert: Buffer.from(cert), key: Buffer.from(key) } : {}),
    ...(Number.isNaN(expiresAt) ? {} : { expiresAt }),
  };
}

const noCredentials = (message: string, cause?: unknown): ConnectionError =>
  new ConnectionError('NO_CREDENTIALS', message, cause);
