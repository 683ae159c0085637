/**
 * The extension's way to a cluster: the Kubernetes API over HTTPS, like any other client. Refusals are ApiErrors; a server
 * that cannot be reached is an ordinary Error with Node's `code`.
 */
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import type { KubeObject } from '#common/api/meta.ts';
import { ApiError, type Status, type StatusReason } from '#common/api/status.ts';
import type { ClusterAccess } from './kubeconfig.ts';

export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export const mergePatch = 'application/merge-patch+json';
export const applyPatch = 'application/apply-patch+yaml';

export interface Answer<T> {
  readonly object: T;
  /** 201 when a write created the object. */
  readonly code: number;
  /** What the server warns of, such as fields it does not know. */
  readonly warnings: readonly string[];
}

export interface WatchEvent<T extends KubeObject = KubeObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

export interface ApiClient {
  readonly server: string;
  get<T>(path: string, signal?: AbortSignal): Promise<T>;
  send<T>(method: Method, path: string, body?: unknown, contentType?: string): Promise<Answer<T>>;
  /** Resolves when the server ends the watch or the signal aborts; rejects when the connection breaks. */
  watch(path: string, onEvent: (event: WatchEvent) => void, signal: AbortSignal): Promise<void>;
  /** Text as it comes, such as a log that is followed. */
  read(path: string, onText: (text: string) => void, signal: AbortSignal): Promise<void>;
  close(): void;
}

export function createApiClient(access: ClusterAccess): ApiClient {
  const agent = new Agent({
    keepAlive: true,
    ...(access.ca ? { ca: access.ca } : {}),
    ...(access.cert ? { cert: access.cert } : {}),
    ...(access.key ? { key: access.key } : {}),
  });
  const authorization = access.token ? { authorization: `Bearer ${access.token}` } : {};

  const open = (
    method: string,
    path: string,
    body?: string,
    contentType?: string,
    signal?: AbortSignal,
  ): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const content = body === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(body) };
      const headers = { accept: 'application/json', 'user-agent': 'kube-playground', ...authorization, ...content };
      const req = request(new URL(path, access.server), { method, agent, headers, ...(signal ? { signal } : {}) }, resolve);
      req.on('error', reject);
      req.end(body);
    });

  const call = async <T>(method: string, path: string, body?: string, contentType?: string, signal?: AbortSignal) => {
    const answer = await open(method, path, body, contentType, signal);
    const text = await textOf(answer);
    const code = answer.statusCode ?? 0;
    if (code >= 400) throw refusal(code, text);
    return { object: JSON.parse(text) as T, code, warnings: warningsOf(answer) };
  };

  const stream = async (path: string, onText: (text: string) => void, signal: AbortSignal): Promise<void> => {
    try {
      const answer = await open('GET', path, undefined, undefined, signal);
      if ((answer.statusCode ?? 0) >= 400) throw refusal(answer.statusCode ?? 0, await textOf(answer));
      answer.setEncoding('utf8');
      for await (const chunk of answer) onText(chunk as string);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  };

  return {
    server: access.server,
    get: async <T>(path: string, signal?: AbortSignal) => (await call<T>('GET', path, undefined, undefined, signal)).object,
    send: <T>(method: Method, path: string, body?: unknown, contentType = 'application/json') =>
      call<T>(method, path, body === undefined ? undefined : JSON.stringify(body), contentType),
    async watch(path, onEvent, signal) {
      let rest = '';
      const onText = (text: string): void => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line) onEvent(JSON.parse(line) as WatchEvent);
      };
      await stream(path, onText, signal);
    },
    read: stream,
    close: () => agent.destroy(),
  };
}

async function textOf(answer: IncomingMessage): Promise<string> {
  answer.setEncoding('utf8');
  let text = '';
  for await (const chunk of answer) text += chunk as string;
  return text;
}

function refusal(code: number, text: string): ApiError {
  try {
    const status = JSON.parse(text) as Partial<Status> | null;
    if (status?.kind === 'Status')
      return new ApiError(code, (status.reason ?? '') as StatusReason, status.message ?? `HTTP ${code}`, status.details);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Unknown paths are answered in plain text.
  }
  return new ApiError(code, '', text.trim() || `HTTP ${code}`);
}

/** `Warning: 299 - "text", 299 - "text"` (RFC 7234). */
function warningsOf(answer: IncomingMessage): string[] {
  const header = answer.headers['warning'];
  const text = Array.isArray(header) ? header.join(', ') : (header ?? '');
  return [...text.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, quoted = '']) => quoted.replace(/\\(.)/g, '$1'));
}
