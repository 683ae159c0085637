/** What goes wrong, in kubectl's words. */
import { ApiError } from '#common/api/status.ts';

/** `message` is all that is written, `exitCode` is the command's. */
export class KubectlError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'KubectlError';
    this.exitCode = exitCode;
  }
}

/** `error: …`, for what a person can mend. */
export const plainError = (message: string, exitCode = 1): KubectlError => new KubectlError(`error: ${message}`, exitCode);

export const usageError = (command: string, message: string): KubectlError =>
  new KubectlError(`error: ${message}\nSee '${command} -h' for help and examples`);

/** Several failures of one command, each told on lines of its own. */
export class KubectlErrors extends KubectlError {
  constructor(errors: readonly unknown[]) {
    // Of several, none is introduced as the error.
    super(errors.map((error) => (errors.length > 1 ? errorText(error).replace(/^error: /, '') : errorText(error))).join('\n'));
  }
}

/** A refusal that happened while something was done to one of several objects, such as a file's. */
export class RefusalDuring extends ApiError {
  constructor(what: string, cause: ApiError) {
    super(cause.code, cause.reason, `${what}: ${cause.message}`, cause.details);
  }
}

export function errorText(error: unknown): string {
  if (error instanceof KubectlError) return error.message;
  if (error instanceof ApiError) return refusalText(error);
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') {
    const host = /https?:\/\/([^/ ]+?)[./]*$/.exec(message.replace(/\.$/, ''))?.[1] ?? '';
    return `The connection to the server ${host} was refused - did you specify the right host or port?`;
  }
  return `error: ${message}`;
}

function refusalText(error: ApiError): string {
  const { reason, details, message } = error;
  if (reason === 'Invalid' && details) {
    const what = `The ${details.kind ?? ''} ${JSON.stringify(details.name ?? '')} is invalid`;
    const causes = (details.causes ?? []).map((cause) => (cause.field ? `${cause.field}: ` : '') + (cause.message ?? ''));
    if (causes.length === 0) return what;
    return `${what}: ${causes.length === 1 ? causes[0] : `\n* ${[...new Set(causes)].join('\n* ')}`}`;
  }
  if (reason === 'Unauthorized') return 'error: You must be logged in to the server (Unauthorized)';
  return `Error from server${reason ? ` (${reason})` : ''}: ${message}`;
}
