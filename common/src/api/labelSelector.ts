/**
 * Label selectors: precomputed matchers made from a LabelSelector or a plain map. The text form is parsed in
 * labelSelectorParser.ts. No selector at all selects nothing, an empty one selects everything.
 */
import { type FieldError, aggregateText, invalid } from './fieldError.ts';
import { FieldPath } from './fieldPath.ts';
import type { LabelSelector } from './meta.ts';
import { labelKeyErrors, labelValueErrors } from './names.ts';
import { badRequest } from './status.ts';

export type Labels = Readonly<Record<string, string>>;
export type RequirementOperator = 'in' | 'notin' | '=' | '==' | '!=' | 'exists' | '!' | 'gt' | 'lt';

export interface Requirement {
  readonly key: string;
  readonly operator: RequirementOperator;
  /** Sorted, without duplicates. */
  readonly values: readonly string[];
}

export interface Selector {
  /** In order of their keys. Nothing's selector has none either: look at `matchesNothing`. */
  readonly requirements: readonly Requirement[];
  /** Selects every object. */
  readonly isEmpty: boolean;
  readonly matchesNothing: boolean;
  /** The canonical form: `app=web,tier in (a,b),!x`. */
  readonly text: string;
  matches(labels: Labels | undefined): boolean;
}

const noLabels: Labels = {};
const none: Requirement[] = [];

export const everything: Selector = {
  requirements: none,
  isEmpty: true,
  matchesNothing: false,
  text: '',
  matches: () => true,
};
export const nothing: Selector = { requirements: none, isEmpty: false, matchesNothing: true, text: '', matches: () => false };

const integer = /^[+-]?\d+$/;
const largestInt64 = 2n ** 63n - 1n;

/** The value as an int64, or undefined. */
function parseInt64(text: string): bigint | undefined {
  if (!integer.test(text) || text.length > 40) return undefined;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return value > largestInt64 || value < -largestInt64 - 1n ? undefined : value;
}

const keyPath = FieldPath.of('key');
const valuesPath = FieldPath.of('values');

/** The problems of a requirement, as Kubernetes words them. */
export function requirementErrors({ key, operator, values }: Requirement): FieldError[] {
  const errors = labelKeyErrors(key).length ? [invalid(keyPath, key, labelKeyErrors(key).join('; '))] : [];
  if ((operator === 'in' || operator === 'notin') && values.length === 0) {
    errors.push(invalid(valuesPath, [], "for 'in', 'notin' operators, values set can't be empty"));
  } else if ((operator === 'exists' || operator === '!') && values.length !== 0) {
    errors.push(invalid(valuesPath, values, 'values set must be empty for exists and does not exist'));
  } else if (operator === 'gt' || operator === 'lt') {
    values.forEach((value, i) => {
      if (parseInt64(value) !== undefined) return;
      errors.push(invalid(valuesPath.index(i), value, "for 'Gt', 'Lt' operators, the value must be an integer"));
    });
  }
  values.forEach((value, i) => {
    const problems = labelValueErrors(value);
    if (problems.length) errors.push(invalid(valuesPath.index(i).key(key), value, problems.join('; ')));
  });
  return errors;
}

const sortedSet = (values: readonly string[]): readonly string[] => (values.length < 2 ? values : [...new Set(values)].sort());

export function requirementText({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${values.join(',')})`;
    case 'gt':
      return `${key}>${values[0] ?? ''}`;
    case 'lt':
      return `${key}<${values[0] ?? ''}`;
    default:
      return `${key}${operator}${values[0] ?? ''}`;
  }
}

type Check = (labels: Labels) => boolean;

function checkOf({ key, operator, values }: Requirement): Check {
  const [first] = values;
  const has = (labels: Labels): boolean => Object.hasOwn(labels, key);
  switch (operator) {
    case 'exists':
      return has;
    case '!':
      return (labels) => !has(labels);
    case '=':
    case '==':
      return (labels) => labels[key] === first && has(labels);
    case '!=':
      return (labels) => labels[key] !== first || !has(labels);
    case 'in':
      if (values.length === 1) return (labels) => labels[key] === first && has(labels);
      return (labels) => has(labels) && values.includes(labels[key] ?? '');
    case 'notin':
      return (labels) => !has(labels) || !values.includes(labels[key] ?? '');
    case 'gt':
    case 'lt': {
      const bound = parseInt64(first ?? '');
      return (labels) => {
        const value = has(labels) ? parseInt64(labels[key] ?? '') : undefined;
        if (value === undefined || bound === undefined) return false;
        return operator === 'gt' ? value > bound : value < bound;
      };
    }
  }
}

const byKey = (a: Requirement, b: Requirement): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/** The selector of requirements that are known to be valid. */
export function selectorFromRequirements(given: readonly Requirement[]): Selector {
  if (given.length === 0) return everything;
  const requirements = given.map((r) => ({ ...r, values: sortedSet(r.values) })).sort(byKey);
  const checks = requirements.map(checkOf);
  const [only] = checks;
  const matches: Check = checks.length === 1 && only ? only : (labels) => checks.every((check) => check(labels));
  let text: string | undefined;
  return {
    requirements,
    isEmpty: false,
    matchesNothing: false,
    get text() {
      return (text ??= requirements.map(requirementText).join(','));
    },
    matches: (labels) => matches(labels ?? noLabels),
  };
}

const operators: Readonly<Record<string, RequirementOperator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
};

/** What is wrong with a LabelSelector, in the words of the API; undefined when it can be used. */
export function labelSelectorProblem(selector: LabelSelector | undefined | null): string | undefined {
  for (const [key, value] of Object.entries(selector?.matchLabels ?? {})) {
    const errors = requirementErrors({ key, operator: '=', values: [value] });
    if (errors.length) return aggregateText(errors);
  }
  for (const { key, operator, values } of selector?.matchExpressions ?? []) {
    if (!Object.hasOwn(operators, operator)) return `${JSON.stringify(operator)} is not a valid label selector operator`;
    const errors = requirementErrors({ key, operator: operators[operator] ?? 'in', values: sortedSet(values ?? []) });
    if (errors.length) return aggregateText(errors);
  }
  return undefined;
}

const made = new WeakMap<object, Selector>();

/**
 * The matcher of a LabelSelector: nothing when there is none, everything when it is empty. What is made of a frozen
 * selector is kept as long as the selector is. Throws a 400 when the selector is invalid; stored objects never are.
 */
export function selectorFromLabelSelector(selector: LabelSelector | undefined | null): Selector {
  if (!selector) return nothing;
  const known = made.get(selector);
  if (known) return known;
  const problem = labelSelectorProblem(selector);
  if (problem !== undefined) throw badRequest(problem);
  const requirements: Requirement[] = [
    ...Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({ key, operator: '=' as const, values: [value] })),
    ...(selector.matchExpressions ?? []).map(({ key, operator, values }) => ({
      key,
      operator: operators[operator] ?? ('in' as const),
      values: values ?? [],
    })),
  ];
  const result = selectorFromRequirements(requirements);
  if (Object.isFrozen(selector)) made.set(selector, result);
  return result;
}

/** The matcher of a plain map (`spec.selector` of a Service): every entry must be there. An empty map selects everything. */
export function selectorFromMap(labels: Labels | undefined | null): Selector {
  if (!labels) return everything;
  const known = made.get(labels);
  if (known) return known;
  const result = selectorFromRequirements(
    Object.entries(labels).map(([key, value]) => ({ key, operator: '=', values: [value] })),
  );
  if (Object.isFrozen(labels)) made.set(labels, result);
  return result;
}

/** The canonical text of a LabelSelector, as scale subresources publish it. */
export const selectorText = (selector: LabelSelector | undefined | null): string => selectorFromLabelSelector(selector).text;
