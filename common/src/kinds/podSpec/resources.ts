/**
 * Requests and limits of a container, of an overhead, or of a pod as a whole: names, amounts, and how the two relate.
 * Quantities have been parsed by decoding; here they are only compared.
 */
import { duplicate, forbidden, invalid, notFoundField, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123LabelErrors } from '#common/api/names.ts';
import { compareQuantities, parseQuantity, type Quantity, quantityOf } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';
import { notNegativeText } from '../validation/values.ts';
import { addFieldProblems, addProblems, type Errors } from './fieldRules.ts';
import { allowsOvercommit, containerResourceNameProblems, isHugePages, isIntegerResource } from './resourceNames.ts';

type NameProblems = (name: string) => string[];

/** Problems of a resource's amount. */
export function quantityProblems(name: string, quantity: Quantity): string[] {
  if (quantity.nano < 0n) return [notNegativeText];
  return isIntegerResource(name) && quantity.milli % 1000 !== 0 ? ['must be an integer'] : [];
}

export function validateResources(
  resources: api.ResourceRequirements,
  claimNames: ReadonlySet<string>,
  path: FieldPath,
  errors: Errors,
  nameProblems: NameProblems = containerResourceNameProblems,
): void {
  const { limits, requests } = resources;
  if (limits) checkList(limits, path, 'limits', nameProblems, errors);
  if (requests) {
    for (const name in requests) {
      checkAmount(requests, name, path, 'requests', nameProblems, errors);
      checkRequestAgainstLimit(name, requests, limits, path, errors);
      if (isHugePages(name)) checkHugePages(requests, name, path, 'requests', errors);
    }
  }
  if (needsCpuOrMemory(limits, requests)) errors.push(forbidden(path, 'HugePages require cpu or memory'));
  if (resources.claims) checkClaims(resources.claims, claimNames, path.child('claims'), errors);
}

function checkList(
  list: Record<string, string>,
  path: FieldPath,
  field: string,
  nameProblems: NameProblems,
  errors: Errors,
): void {
  for (const name in list) {
    checkAmount(list, name, path, field, nameProblems, errors);
    if (isHugePages(name)) checkHugePages(list, name, path, field, errors);
  }
}

/** Huge pages come in whole pages. */
function checkHugePages(list: Record<string, string>, name: string, path: FieldPath, field: string, errors: Errors): void {
  const size = parseQuantity(name.slice('hugepages-'.length));
  const quantity = quantityOf(list[name] ?? '0');
  if (size && size.nano > 0n && quantity.nano % size.nano === 0n) return;
  errors.push(
    invalid(path.child(field).key(name), quantity.text, `${quantity.text} is not positive integer multiple of ${name}`),
  );
}

function checkAmount(
  list: Record<string, string>,
  name: string,
  path: FieldPath,
  field: string,
  nameProblems: NameProblems,
  errors: Errors,
): void {
  const names = nameProblems(name);
  if (names.length) addProblems(name, names, path.child(field).key(name), errors);
  const quantity = quantityOf(list[name] ?? '0');
  const amounts = quantityProblems(name, quantity);
  if (amounts.length) addProblems(quantity.text, amounts, path.child(field).key(name), errors);
}

function checkRequestAgainstLimit(
  name: string,
  requests: Record<string, string>,
  limits: Record<string, string> | undefined,
  path: FieldPath,
  errors: Errors,
): void {
  const limitText = limits && Object.hasOwn(limits, name) ? limits[name] : undefined;
  if (limitText === undefined) {
    if (!allowsOvercommit(name)) {
      errors.push(required(path.child('limits'), 'Limit must be set for non overcommitable resources'));
    }
    return;
  }
  const request = quantityOf(requests[name] ?? '0');
  const limit = quantityOf(limitText);
  const order = compareQuantities(request, limit);
  if (order !== 0 && !allowsOvercommit(name)) {
    errors.push(invalid(path.child('requests'), request.text, `must be equal to ${name} limit of ${limit.text}`));
  } else if (order > 0) {
    errors.push(invalid(path.child('requests'), request.text, `must be less than or equal to ${name} limit of ${limit.text}`));
  }
}

function needsCpuOrMemory(...lists: (Record<string, string> | undefined)[]): boolean {
  let hugePages = false;
  for (const list of lists) {
    for (const name in list) {
      if (name === 'cpu' || name === 'memory') return false;
      hugePages ||= isHugePages(name);
    }
  }
  return hugePages;
}

/** References to the pod's resource claims, each at most once. */
function checkClaims(claims: readonly api.ResourceClaim[], names: ReadonlySet<string>, path: FieldPath, errors: Errors): void {
  const seen = new Set<string>();
  claims.forEach((claim, i) => {
    const at = path.index(i);
    if (!claim.name) {
      errors.push(required(at));
      return;
    }
    if (seen.has(claim.name)) errors.push(duplicate(at, claim.name));
    seen.add(claim.name);
    if (claim.request) addFieldProblems(claim.request, dns1123LabelErrors(claim.request), at, 'request', errors);
    if (!names.has(claim.name)) {
      const where = names.size ? 'pod.spec.resourceClaims' : 'pod.spec.resourceClaims which is empty';
      errors.push({ ...notFoundField(at, claim.name), detail: `must be one of the names in ${where}` });
    }
  });
}
