/** What an answer says beside its object: a refusal as ApiError, and warnings. */
import type { IncomingMessage } from 'node:http';
import { ApiError, type Status, type StatusReason } from '#common/api/status.ts';

/** The error of an answer that is no success: its Status, or its plain text where the path is no API's. */
export function refusal(code: number, text: string): ApiError {
  const status = parseStatus(text);
  if (status) return errorOfStatus(status, code);
  return new ApiError(code, reasonOfCode(code), text.trim().slice(0, longestText) || `HTTP ${code}`);
}

/** A Status as an error; also one that came in a watch. */
export function errorOfStatus(status: Partial<Status>, code = status.code ?? 500): ApiError {
  const reason = (typeof status.reason === 'string' ? status.reason : '') as StatusReason;
  const next = status.metadata?.['continue'];
  const message = status.message ?? `HTTP ${code}`;
  return new ApiError(code, reason, message, status.details, typeof next === 'string' ? next : undefined);
}

/** A proxy's page of HTML tells nobody anything past its first lines. */
const longestText = 1_000;

/** Plain-text refusals come from what stands before the API: who one is, whether one may, how often. */
function reasonOfCode(code: number): StatusReason {
  switch (code) {
    case 401:
      return 'Unauthorized';
    case 403:
      return 'Forbidden';
    case 429:
      return 'TooManyRequests';
    case 503:
      return 'ServiceUnavailable';
    default:
      return '';
  }
}

function parseStatus(text: string): Partial<Status> | undefined {
  try {
    const value = JSON.parse(text) as Partial<Status> | null;
    return value?.kind === 'Status' ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** `Warning: 299 - "text", 299 - "text"` (RFC 7234). */
export function warningsOf(answer: IncomingMessage): string[] {
  const header = answer.headers['warning'];
  const text = Array.isArray(header) ? header.join(', ') : (header ?? '');
  return [...text.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, quoted = '']) => quoted.replace(/\\(.)/g, '$1'));
}
