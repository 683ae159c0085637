/** Secret (core/v1): a ConfigMap for what should not be seen; well-known types promise certain keys. */
import { type FieldError, forbidden, invalid, required, tooLong } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { configMapKeyErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { jsonSyntaxProblem } from '#common/schema/jsonSyntax.ts';
import { setOwn } from '#common/schema/zeroValues.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { base64Length, base64OfText, textOfBase64 } from './validation/base64.ts';
import { immutable, problemsAt, sameValue } from './validation/values.ts';

const maxBytes = 1_048_576;
const maxJsonDepth = 10_000;
const dataPath = FieldPath.of('data');
const serviceAccountName = 'kubernetes.io/service-account.name';

export const Secret = defineKind<api.Secret>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  changesFirst: true,
  warnings: tlsWarnings,
  hasGeneration: false,
  applyDefaults(secret) {
    mergeStringData(secret);
    secret.type ||= 'Opaque';
  },
  validate,
  validateUpdate,
  selectableFieldNames: ['type'],
  selectableFields: (secret) => ({ type: secret.type ?? '' }),
  columns: [
    nameColumn,
    textColumn('Type', (secret) => secret.type ?? ''),
    { ...textColumn<api.Secret>('Data', () => ''), cell: (secret) => Object.keys(secret.data ?? {}).length },
    ageColumn,
  ],
});

/** `stringData` is for writing only: its texts end up in `data`, over what was there. */
function mergeStringData(secret: api.Secret): void {
  if (!secret.stringData) return;
  const data: Record<string, string> = { ...secret.data };
  for (const [key, text] of Object.entries(secret.stringData)) setOwn(data, key, base64OfText(text));
  if (Object.keys(data).length) secret.data = data;
  delete secret.stringData;
}

function validate(secret: api.Secret): FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(secret.data ?? {})) {
    const problems = configMapKeyErrors(key);
    if (problems.length) errors.push(...problemsAt(dataPath.key(key), key, problems));
    size += base64Length(value);
  }
  if (size > maxBytes) errors.push(tooLong(dataPath, maxBytes));
  return [...errors, ...validateType(secret)];
}

/** The keys that a type promises. A key with an empty value is there. */
function validateType(secret: api.Secret): FieldError[] {
  const missing = (key: string): boolean => !secret.data || !Object.hasOwn(secret.data, key);
  const needs = (...keys: string[]): FieldError[] => keys.filter(missing).map((key) => required(dataPath.key(key)));
  switch (secret.type) {
    case 'kubernetes.io/service-account-token':
      return secret.metadata.annotations?.[serviceAccountName]
        ? []
        : [required(FieldPath.of('metadata', 'annotations').key(serviceAccountName))];
    case 'kubernetes.io/dockercfg':
      return missing('.dockercfg') ? needs('.dockercfg') : validateJson(secret, '.dockercfg');
    case 'kubernetes.io/dockerconfigjson':
      return missing('.dockerconfigjson') ? needs('.dockerconfigjson') : validateJson(secret, '.dockerconfigjson');
    case 'kubernetes.io/basic-auth':
      return missing('username') && missing('password') ? needs('username', 'password') : [];
    case 'kubernetes.io/ssh-auth':
      return secret.data?.['ssh-privatekey'] ? [] : [required(dataPath.key('ssh-privatekey'))];
    case 'kubernetes.io/tls':
      return needs('tls.crt', 'tls.key');
    default:
      return [];
  }
}

function validateJson(secret: api.Secret, key: string): FieldError[] {
  const problem = jsonObjectProblem(textOfBase64(secret.data?.[key] ?? ''));
  return problem ? [invalid(dataPath.key(key), '<secret contents redacted>', problem)] : [];
}

function jsonObjectProblem(text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return jsonSyntaxProblem(text, maxJsonDepth);
  }
  if (value === null || (typeof value === 'object' && !Array.isArray(value))) return undefined;
  const found = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `json: cannot unmarshal ${found} into Go value of type map[string]interface {}`;
}

function validateUpdate(secret: api.Secret, old: api.Secret): FieldError[] {
  const errors = immutable(FieldPath.of('type'), secret.type, old.type);
  if (!old.immutable) return errors;
  const text = 'field is immutable when `immutable` is set';
  if (!secret.immutable) errors.push(forbidden(FieldPath.of('immutable'), text));
  if (!sameValue(secret.data, old.data)) errors.push(forbidden(dataPath, text));
  return errors;
}

/** What Go's TLS library would say first of a pair that it cannot read. Whether key and certificate fit is not looked at. */
function tlsWarnings(secret: api.Secret): string[] {
  if (secret.type !== 'kubernetes.io/tls') return [];
  const isPem = (key: string): boolean => textOfBase64(secret.data?.[key] ?? '').includes('-----BEGIN ');
  if (!isPem('tls.crt')) return ['tls: failed to find any PEM data in certificate input'];
  return isPem('tls.key') ? [] : ['tls: failed to find any PEM data in key input'];
}
