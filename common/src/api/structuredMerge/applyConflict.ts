/** The answer to an apply that would change fields of other managers. */
import { ApiError, type StatusCause } from '../status.ts';
import { type FieldSet, isEmptySet, pathTexts } from './fieldSet.ts';
import type { ManagerState } from './managedFields.ts';

export interface ManagerConflict {
  readonly state: ManagerState;
  readonly set: FieldSet;
}

function managerText({ manager, operation, apiVersion, subresource }: ManagerState): string {
  const name = JSON.stringify(manager) + (subresource ? ` with subresource ${JSON.stringify(subresource)}` : '');
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}

/** A 409 with one cause per field; undefined when there is no conflict. */
export function applyConflict(conflicts: readonly ManagerConflict[]): ApiError | undefined {
  const found = conflicts
    .filter(({ set }) => !isEmptySet(set))
    .map(({ state, set }) => ({ who: managerText(state), paths: pathTexts(set) }))
    .sort((a, b) => (a.who < b.who ? -1 : 1));
  const causes: StatusCause[] = found.flatMap(({ who, paths }) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field })),
  );
  const [first] = causes;
  if (!first) return undefined;
  const message =
    causes.length === 1
      ? `Apply failed with 1 conflict: ${first.message}: ${first.field}`
      : `Apply failed with ${causes.length} conflicts: ${found.map(listText).join('\n')}`;
  return new ApiError(409, 'Conflict', message, { causes });
}

const listText = ({ who, paths }: { who: string; paths: string[] }): string =>
  [`conflicts with ${who}:`, ...paths.map((path) => `- ${path}`)].join('\n');
