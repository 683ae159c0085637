/** What a row says of an object: state, ready count, restarts, what it is and why it is not healthy. Filled by one function per kind. */
import type { RowState } from '#common/protocol/webview.ts';

export interface RowFacts {
  readonly state: RowState;
  readonly ready?: string;
  readonly restarts?: number;
  readonly detail?: string;
  readonly why?: string;
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export const conditionOf = (conditions: readonly object[] | undefined, type: string): Condition | undefined =>
  (conditions as readonly Condition[] | undefined)?.find((condition) => condition.type === type);

export const reasonText = (reason: string | undefined, message: string | undefined): string =>
  [reason, message].filter((part) => part).join(': ');

/** What there is of it, with dots between. */
export const detailOf = (...parts: readonly (string | undefined)[]): { detail?: string } => {
  const detail = parts.filter((part) => part).join(' · ');
  return detail ? { detail } : {};
};
