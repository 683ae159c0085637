/** What a LimitRange may say: known resources, and bounds that leave room between them. */
import { duplicate, type FieldError, forbidden, invalid, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { qualifiedNameErrors } from '#common/api/names.ts';
import { compareQuantities, parseQuantity, type Quantity } from '#common/api/quantity.ts';
import type { LimitRange, LimitRangeItem } from '#common/schema/generated/types.ts';
import { allowsOvercommit, containerResourceNameProblems, resourceNameProblems } from '../podSpec/resourceNames.ts';
import { problemsAt } from './values.ts';

const limitsPath = FieldPath.of('spec', 'limits');
const standardTypes = ['Pod', 'Container', 'PersistentVolumeClaim'];
const lists = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;
type List = (typeof lists)[number];

export function validateLimitRange(range: LimitRange): FieldError[] {
  const errors: FieldError[] = [];
  const types = new Set<string>();
  range.spec?.limits?.forEach((limit, i) => {
    const path = limitsPath.index(i);
    const { type = '' } = limit;
    errors.push(...problemsAt(path.child('type'), type, typeProblems(type)));
    if (types.has(type)) errors.push(duplicate(path.child('type'), type));
    types.add(type);
    errors.push(...validateNames(limit, path), ...validateBounds(limit, path));
  });
  return errors;
}

function typeProblems(type: string): string[] {
  const problems = qualifiedNameErrors(type);
  if (problems.length) return problems;
  return type.includes('/') || standardTypes.includes(type) ? [] : ['must be a standard limit type or fully qualified'];
}

function validateNames(limit: LimitRangeItem, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const nameProblems = limit.type === 'Pod' || limit.type === 'Container' ? containerResourceNameProblems : resourceNameProblems;
  const check = (list: List): void => {
    for (const name of Object.keys(limit[list] ?? {}).sort()) {
      errors.push(...problemsAt(path.child(list).key(name), name, nameProblems(name)));
    }
  };
  check('max');
  check('min');
  if (limit.type === 'Pod') {
    for (const list of ['default', 'defaultRequest'] as const) {
      if (Object.keys(limit[list] ?? {}).length)
        errors.push(forbidden(path.child(list), "may not be specified when `type` is 'Pod'"));
    }
  } else {
    check('default');
    check('defaultRequest');
  }
  if (limit.type === 'PersistentVolumeClaim' && !limit.max?.['storage'] && !limit.min?.['storage']) {
    const text = 'either minimum or maximum storage value is required, but neither was provided';
    errors.push(required(path.child('limits'), text));
  }
  check('maxLimitRequestRatio');
  return errors;
}

function validateBounds(limit: LimitRangeItem, path: FieldPath): FieldError[] {
  const names = new Set(lists.flatMap((list) => Object.keys(limit[list] ?? {})));
  return [...names].sort().flatMap((name) => validateResource(limit, name, path));
}

/** How the numbers for one resource relate. The quoted value is the one that Kubernetes quotes, not always the field's. */
function validateResource(limit: LimitRangeItem, name: string, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const amount = (list: List): Quantity | undefined => parseQuantity(limit[list]?.[name] ?? '');
  const min = amount('min');
  const max = amount('max');
  // Defaults mean nothing for pods, and have been refused already.
  const isPod = limit.type === 'Pod';
  const request = isPod ? undefined : amount('defaultRequest');
  const fallback = isPod ? undefined : amount('default');
  const ratio = amount('maxLimitRequestRatio');
  const exceeds = (a: Quantity | undefined, b: Quantity | undefined): a is Quantity => !!a && !!b && compareQuantities(a, b) > 0;
  const report = (list: List, value: Quantity | undefined, text: string): void => {
    errors.push(invalid(path.child(list).key(name), value?.text, text));
  };
  if (exceeds(min, max)) report('min', min, `min value ${min.text} is greater than max value ${max?.text}`);
  if (exceeds(min, request)) {
    report('defaultRequest', request, `min value ${min.text} is greater than default request value ${request?.text}`);
  }
  if (exceeds(request, max)) {
    report('defaultRequest', request, `default request value ${request.text} is greater than max value ${max?.text}`);
  }
  if (exceeds(request, fallback)) {
    const text = `default request value ${request.text} is greater than default limit value ${fallback?.text}`;
    report('defaultRequest', request, text);
  }
  if (exceeds(min, fallback)) report('default', min, `min value ${min.text} is greater than default value ${fallback?.text}`);
  if (exceeds(fallback, max)) report('default', max, `default value ${fallback.text} is greater than max value ${max?.text}`);
  if (ratio && ratio.milli < 1000) report('maxLimitRequestRatio', ratio, `ratio ${ratio.text} is less than 1`);
  if (ratio && min && max) {
    const most = max.milli / min.milli;
    if (ratio.milli / 1000 > most) {
      report('maxLimitRequestRatio', ratio, `ratio ${ratio.text} is greater than max/min = ${most.toFixed(6)}`);
    }
  }
  if (!allowsOvercommit(name) && fallback && request && compareQuantities(fallback, request) !== 0) {
    const text = `default value ${fallback.text} must equal to defaultRequest value ${request.text} in ${name}`;
    report('defaultRequest', request, text);
  }
  return errors;
}
