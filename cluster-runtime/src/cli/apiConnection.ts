/**
 * The command's way to its own cluster: the API client, whose refusals are sentences for a terminal here. The kubeconfig is
 * one that this program wrote, so it is read without a YAML parser, which would take longer to load than most commands run.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type ApiClient, createApiClient } from '#apiClient/apiClient.ts';
import type { ClusterAccess } from '#apiClient/clusterAccess.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { ApiError, type Status } from '#common/api/status.ts';
import { CliError } from './cliError.ts';

/** What the API answered instead of what was asked for. */
export class ApiRefusal extends CliError {
  readonly status: Status;
  readonly code: number;
  constructor(error: ApiError) {
    super(error.message);
    this.code = error.code;
    this.status = error.toStatus();
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
export const connectWith = (text: string): ApiConnection => connectTo(accessOf(text));

export function connectTo(access: ClusterAccess): ApiConnection {
  const api = createApiClient(access);
  return {
    server: api.server,
    get: (path) => inSentences(api, api.get(path)),
    text: (path) => inSentences(api, api.text(path)),
    send: async (method, path, body, contentType) =>
      (await inSentences(api, api.send<never>(method, path, body, contentType))).object,
    async watch(path, onEvent, signal) {
      const enough = new AbortController();
      const until = signal ? AbortSignal.any([signal, enough.signal]) : enough.signal;
      const watching = api.watch(
        path,
        ({ type, object }) => {
          if (!enough.signal.aborted && onEvent(type, object as never)) enough.abort();
        },
        until,
      );
      await inSentences(api, watching);
    },
    close: () => api.close(),
  };
}

export function accessOf(text: string): ClusterAccess {
  const [ca, cert, key] = ['certificate-authority-data', 'client-certificate-data', 'client-key-data'].map((name) =>
    decoded(text, name),
  );
  const token = field(text, 'token');
  return {
    server: field(text, 'server') ?? '',
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(token ? { token } : {}),
  };
}

async function inSentences<T>({ server }: ApiClient, pending: Promise<T>): Promise<T> {
  try {
    return await pending;
  } catch (error) {
    if (error instanceof ApiError) throw new ApiRefusal(error);
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED')
      throw new CliError(`No cluster answers at ${server}; start it with "kube-playground start".`);
    throw error;
  }
}
