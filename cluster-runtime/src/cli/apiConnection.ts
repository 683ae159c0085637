/** The command's way to a cluster: the Kubernetes API of a kubeconfig, like any other client. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { KubeObject } from '#common/api/meta.ts';
import type { Status } from '#common/api/status.ts';
import { CliError } from './cliError.ts';

/** What the API answered instead of what was asked for. */
export class ApiRefusal extends CliError {
  readonly status: Status | undefined;
  readonly code: number;
  constructor(code: number, status: Status | undefined, text: string) {
    super(status?.message ?? text);
    this.code = code;
    this.status = status;
  }
}

export interface ApiConnection {
  readonly server: string;
  get<T>(path: string): Promise<T>;
  /** For what is no JSON, such as logs. */
  text(path: string): Promise<string>;
  send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, contentType?: string): Promise<T>;
  /** Calls back for each event until `onEvent` returns true or the signal aborts. */
  watch<T extends KubeObject>(path: string, onEvent: (type: string, object: T) => boolean, signal?: AbortSignal): Promise<void>;
  close(): void;
}

const field = (text: string, name: string): string | undefined => new RegExp(`"?${name}"?:\\s*"?([^"\\s,}]+)`).exec(text)?.[1];
const decoded = (text: string, name: string): Buffer | undefined => {
  const data = field(text, name);
  return data === undefined ? undefined : Buffer.from(data, 'base64');
};

/** Reads a kubeconfig that holds this program's cluster and no other. Throws CliError when there is none. */
export function connect(kubeconfigFile: string): ApiConnection {
  let text: string;
  try {
    text = readFileSync(kubeconfigFile, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw new CliError(`Cannot read ${kubeconfigFile} (${code}).`);
    throw new CliError(`There is no cluster in ${path.dirname(kubeconfigFile)}; start one with "kube-playground start".`);
  }
  return connectWith(text);
}

/** `text` is a kubeconfig as this program writes it, with one cluster. */
export function connectWith(text: string): ApiConnection {
  const server = field(text, 'server') ?? '';
  const token = field(text, 'token');
  const agent = new Agent({
    keepAlive: true,
    ca: decoded(text, 'certificate-authority-data'),
    cert: decoded(text, 'client-certificate-data'),
    key: decoded(text, 'client-key-data'),
  });
  const open = (
    method: string,
    path: string,
    body: string | undefined,
    contentType: string | undefined,
    signal?: AbortSignal,
  ): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const req = request(
        new URL(path, server),
        {
          method,
          agent,
          ...(signal ? { signal } : {}),
          headers: {
            accept: 'application/json',
            'user-agent': 'kube-playground',
            ...(token ? { authorization: `Bearer ${token}` } : {}),
            ...(body === undefined
              ? {}
              : { 'content-type': contentType ?? 'application/json', 'content-length': Buffer.byteLength(body) }),
          },
        },
        resolve,
      );
      req.on('error', (error: NodeJS.ErrnoException) =>
        reject(
          error.code === 'ECONNREFUSED'
            ? new CliError(`No cluster answers at ${server}; start it with "kube-playground start".`)
            : error,
        ),
      );
      req.end(body);
    });
  const call = async (method: string, path: string, body?: unknown, contentType?: string): Promise<string> => {
    const answer = await open(
      method,
      path,
      body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
      contentType,
    );
    const answerText = await read(answer);
    const code = answer.statusCode ?? 0;
    if (code >= 400) throw new ApiRefusal(code, parseStatus(answerText), answerText.trim() || `HTTP ${code}`);
    return answerText;
  };
  return {
    server,
    get: async <T>(path: string) => JSON.parse(await call('GET', path)) as T,
    text: (path) => call('GET', path),
    send: async <T>(method: string, path: string, body?: unknown, contentType?: string) =>
      JSON.parse(await call(method, path, body, contentType)) as T,
    async watch(path, onEvent, signal) {
      const stop = new AbortController();
      let buffered = '';
      try {
        const answer = await open(
          'GET',
          path,
          undefined,
          undefined,
          signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
        );
        const code = answer.statusCode ?? 0;
        if (code >= 400) {
          const answerText = await read(answer);
          throw new ApiRefusal(code, parseStatus(answerText), answerText.trim() || `HTTP ${code}`);
        }
        // A character may lie in two chunks.
        answer.setEncoding('utf8');
        for await (const chunk of answer) {
          buffered += String(chunk);
          for (let end = buffered.indexOf('\n'); end >= 0; end = buffered.indexOf('\n')) {
            const { type, object } = JSON.parse(buffered.slice(0, end)) as { type: string; object: never };
            buffered = buffered.slice(end + 1);
            if (onEvent(type, object)) return;
          }
        }
      } catch (error) {
        if (!signal?.aborted && !stop.signal.aborted) throw error;
      } finally {
        stop.abort();
      }
    },
    close: () => agent.destroy(),
  };
}

async function read(answer: IncomingMessage): Promise<string> {
  answer.setEncoding('utf8');
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  return text;
}

function parseStatus(text: string): Status | undefined {
  try {
    const body = JSON.parse(text) as Status;
    return body.kind === 'Status' ? body : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
