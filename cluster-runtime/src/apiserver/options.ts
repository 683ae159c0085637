/**
 * The options of a request, from its query (and, for deletions, its body): CreateOptions, UpdateOptions, PatchOptions,
 * DeleteOptions and ListOptions, refused in Kubernetes' words and order.
 */
import { forbidden, type FieldError, invalid, notSupported, required, tooLong } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { ApiError, invalidObject } from '#common/api/status.ts';
import type { DeleteOptions } from '../client/client.ts';
import type { Query } from './http/query.ts';
import type { FieldValidation, WatchQuery } from './registry/registry.ts';

const path = FieldPath.of;
const maxManagerLength = 128;

function dryRunErrors(values: readonly string[]): FieldError[] {
  return values.every((value) => value === 'All') ? [] : [notSupported(path('dryRun'), values, ['All'])];
}

function fieldManagerErrors(manager: string): FieldError[] {
  const errors: FieldError[] = [];
  const bytes = Buffer.byteLength(manager);
  if (bytes > maxManagerLength) errors.push(tooLong(path('fieldManager'), maxManagerLength));
  let position = 0;
  for (const character of manager) {
    if (!isPrintable(character)) {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      errors.push(invalid(path('fieldManager'), manager, `invalid character U+${code} (at position ${position})`));
    }
    position += Buffer.byteLength(character);
  }
  return errors;
}

/** Letters, marks, numbers, punctuation, symbols and the plain space. */
const isPrintable = (character: string): boolean => character === ' ' || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character);

const fieldValidations = ['', 'Ignore', 'Strict', 'Warn'];

function fieldValidationErrors(value: string): FieldError[] {
  return fieldValidations.includes(value) ? [] : [notSupported(path('fieldValidation'), value, fieldValidations)];
}

export interface WriteQuery {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: FieldValidation;
  /** What the address itself says. */
  readonly stated?: { readonly fieldManager?: string; readonly fieldValidation?: string };
}

/** `curl/8.0` → `curl`: who writes, where the request does not say. */
export function managerFromUserAgent(userAgent: string | undefined): string {
  const name = (userAgent ?? '').split('/', 1)[0] ?? '';
  let manager = '';
  for (const character of name) {
    if (Buffer.byteLength(manager + character) > maxManagerLength) break;
    if (isPrintable(character)) manager += character;
  }
  return manager || 'unknown';
}

const defaultWrite = new Map<string, WriteQuery>();

/** The options of a create, an update, or a patch that is no apply. */
export function parseWriteQuery(
  kind: 'CreateOptions' | 'UpdateOptions',
  query: Query,
  userAgent: string | undefined,
): WriteQuery {
  if (!query.text) {
    const key = userAgent ?? '';
    let found = defaultWrite.get(key);
    if (!found) {
      found = { dryRun: false, fieldManager: managerFromUserAgent(userAgent), fieldValidation: 'Warn' };
      if (defaultWrite.size > 100) defaultWrite.clear();
      defaultWrite.set(key, found);
    }
    return found;
  }
  return checked(kind, query, [], managerFromUserAgent(userAgent));
}

export function parsePatchQuery(query: Query, apply: boolean, userAgent: string | undefined): WriteQuery & { force: boolean } {
  const force = query.boolean('force');
  const errors: FieldError[] = [];
  if (apply) {
    if (!query.get('fieldManager')) errors.push(required(path('fieldManager'), 'is required for apply patch'));
  } else if (force !== undefined) errors.push(forbidden(path('force'), 'may not be specified for non-apply patch'));
  return { ...checked('PatchOptions', query, errors, apply ? '' : managerFromUserAgent(userAgent)), force: force === true };
}

function checked(kind: string, query: Query, before: FieldError[], defaultManager: string): WriteQuery {
  const dryRun = query.all('dryRun');
  const fieldManager = query.get('fieldManager') ?? '';
  const fieldValidation = query.get('fieldValidation') ?? '';
  const errors = [
    ...before,
    ...fieldManagerErrors(fieldManager),
    ...dryRunErrors(dryRun),
    ...fieldValidationErrors(fieldValidation),
  ];
  if (errors.length > 0) throw invalidObject('meta.k8s.io', kind, '', errors);
  return {
    dryRun: dryRun.length > 0,
    fieldManager: fieldManager || defaultManager,
    fieldValidation: (fieldValidation || 'Warn') as FieldValidation,
    ...(fieldManager || fieldValidation
      ? { stated: { ...(fieldManager ? { fieldManager } : {}), ...(fieldValidation ? { fieldValidation } : {}) } }
      : {}),
  };
}

/** What a DeleteOptions body may say, after decoding. */
export interface DeleteBody {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: string;
  readonly orphanDependents?: boolean;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: readonly string[];
}

const propagationPolicies = ['Foreground', 'Background', 'Orphan', 'nil'];

/** The options of a deletion: from the body when there is one, else from the query. */
export function parseDeleteOptions(query: Query, body: DeleteBody | undefined): { deletion: DeleteOptions; dryRun: boolean } {
  const options = body ?? deleteBodyFromQuery(query);
  const errors: FieldError[] = [];
  const { propagationPolicy, orphanDependents } = options;
  if (propagationPolicy !== undefined && orphanDependents !== undefined) {
    errors.push(
      invalid(path('propagationPolicy'), propagationPolicy, 'orphanDependents and deletionPropagation cannot be both set'),
    );
  }
  if (propagationPolicy !== undefined && !propagationPolicies.slice(0, 3).includes(propagationPolicy)) {
    errors.push(notSupported(path('propagationPolicy'), propagationPolicy, propagationPolicies));
  }
  const dryRun = options.dryRun ?? [];
  errors.push(...dryRunErrors(dryRun));
  if (errors.length > 0) throw invalidObject('meta.k8s.io', 'DeleteOptions', '', errors);
  const policy = propagationPolicy ?? (orphanDependents === undefined ? undefined : orphanDependents ? 'Orphan' : 'Background');
  return {
    dryRun: dryRun.length > 0,
    deletion: {
      ...(options.gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds: options.gracePeriodSeconds }),
      ...(policy === undefined ? {} : { propagationPolicy: policy as NonNullable<DeleteOptions['propagationPolicy']> }),
      ...(options.preconditions ? { preconditions: options.preconditions } : {}),
    },
  };
}

function deleteBodyFromQuery(query: Query): DeleteBody {
  if (!query.text) return {};
  const grace = query.integer('gracePeriodSeconds');
  const policy = query.get('propagationPolicy');
  const orphan = query.boolean('orphanDependents');
  return {
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(policy === undefined ? {} : { propagationPolicy: policy }),
    ...(orphan === undefined ? {} : { orphanDependents: orphan }),
    ...(query.has('dryRun') ? { dryRun: query.all('dryRun') } : {}),
  };
}

export interface ListParameters extends WatchQuery {
  readonly timeoutSeconds?: number;
}

const noParameters: ListParameters = {};

/** The options of a list, a watch or a deletion of a collection. */
export function parseListQuery(query: Query, watch: boolean): ListParameters {
  if (!query.text) return noParameters;
  const limit = query.integer('limit');
  const timeoutSeconds = query.integer('timeoutSeconds');
  const text = (name: string): string | undefined => query.get(name) || undefined;
  const options = {
    ...optional('labelSelector', text('labelSelector')),
    ...optional('fieldSelector', text('fieldSelector')),
    ...optional('resourceVersion', text('resourceVersion')),
    ...optional('resourceVersionMatch', text('resourceVersionMatch')),
    ...optional('continue', text('continue')),
    ...optional('limit', limit !== undefined && limit > 0 ? limit : undefined),
    ...optional('timeoutSeconds', timeoutSeconds),
    ...optional('allowWatchBookmarks', query.boolean('allowWatchBookmarks')),
    ...optional('sendInitialEvents', query.boolean('sendInitialEvents')),
  } as ListParameters;
  const errors = listErrors(options, watch);
  if (errors.length > 0) throw invalidObject('meta.k8s.io', 'ListOptions', '', errors);
  return options;
}

const optional = (name: string, value: unknown): object => (value === undefined ? {} : { [name]: value });

function listErrors(options: ListParameters, watch: boolean): FieldError[] {
  const match = options.resourceVersionMatch;
  const at = path('resourceVersionMatch');
  const errors: FieldError[] = [];
  if (watch) {
    if (options.sendInitialEvents !== undefined) {
      if (match !== 'NotOlderThan') {
        errors.push(forbidden(at, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
        if (match !== undefined) errors.push(notSupported(at, match, ['NotOlderThan']));
      }
    } else if (match !== undefined) {
      errors.push(forbidden(at, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'));
    }
    if (options.continue !== undefined) errors.push(forbidden(at, 'resourceVersionMatch is forbidden when continue is provided'));
    return errors;
  }
  if (match !== undefined) {
    if (options.resourceVersion === undefined) {
      errors.push(forbidden(at, 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
    }
    if (options.continue !== undefined) errors.push(forbidden(at, 'resourceVersionMatch is forbidden when continue is provided'));
    if (match !== 'Exact' && match !== 'NotOlderThan') errors.push(notSupported(at, match, ['Exact', 'NotOlderThan', '']));
    if (match === 'Exact' && options.resourceVersion === '0') {
      errors.push(forbidden(at, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
    }
  }
  if (options.sendInitialEvents !== undefined) {
    errors.push(forbidden(path('sendInitialEvents'), 'sendInitialEvents is forbidden for list'));
  }
  return errors;
}

/** A resourceVersion of a GET: every read is of the latest state, but what is no number is refused, as an internal error. */
export function checkResourceVersion(value: string | undefined): void {
  if (!value || /^\d+$/.test(value)) return;
  const text = JSON.stringify(value);
  throw new ApiError(500, '', `resourceVersion: Invalid value: ${text}: strconv.ParseUint: parsing ${text}: invalid syntax`);
}
