/** A container's log, whole or as it grows. */
import type { ApiClient } from '../apiClient.ts';
import { resourcePath, withQuery } from '../apiPath.ts';

export interface LogOptions {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
  /** Of the container's life before this one. */
  readonly previous?: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  readonly timestamps?: boolean;
}

const logPath = ({ namespace, pod, ...query }: LogOptions, follow: boolean): string =>
  withQuery(`${resourcePath('v1', 'pods', namespace, pod)}/log`, { ...query, ...(follow ? { follow } : {}) });

export const readLog = (api: ApiClient, options: LogOptions, signal?: AbortSignal): Promise<string> =>
  api.text(logPath(options, false), signal);

/** Resolves when the container ends or the signal aborts. Rejects with ApiError, or when the connection breaks. */
export const followLog = (
  api: ApiClient,
  options: LogOptions,
  onText: (text: string) => void,
  signal: AbortSignal,
): Promise<void> => api.read(logPath(options, true), onText, signal);
