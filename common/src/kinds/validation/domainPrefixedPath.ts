/** Names such as `example.com/controller`: errors quote the part that they are about. */
import { type FieldError, invalid, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123SubdomainErrors } from '#common/api/names.ts';
import { problemsAt } from './values.ts';

const pathPattern = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const wholePath = new RegExp(`^${pathPattern}$`);

export function validateDomainPrefixedPath(value: string, path: FieldPath): FieldError[] {
  if (!value) return [required(path)];
  const slash = value.indexOf('/');
  const [domain, rest] = [value.slice(0, slash), value.slice(slash + 1)];
  if (slash <= 0 || !rest) return [invalid(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  const errors = problemsAt(path, domain, dns1123SubdomainErrors(domain));
  if (!wholePath.test(rest)) errors.push(invalid(path, rest, `Invalid path (regex used for validation is '${pathPattern}')`));
  return errors;
}
