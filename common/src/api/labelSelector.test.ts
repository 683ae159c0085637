import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasReason } from './status.ts';
import {
  everything,
  labelSelectorProblem,
  nothing,
  selectorFromLabelSelector,
  selectorFromMap,
  selectorText,
} from './labelSelector.ts';
import { parseLabelSelector } from './labelSelectorParser.ts';

const labelValueProblem =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

function problemOf(text: string): string {
  try {
    parseLabelSelector(text);
  } catch (error) {
    if (hasReason(error, 'BadRequest')) return error.message;
    throw error;
  }
  return 'ok';
}

describe('text form', () => {
  test.each([
    ['app=web', { app: 'web' }, { app: 'x' }],
    ['app==web', { app: 'web' }, {}],
    ['app!=web', {}, { app: 'web' }],
    ['app in (a, b)', { app: 'b' }, { app: 'c' }],
    ['app notin (a,b)', { tier: 'a' }, { app: 'a' }],
    ['app', { app: '' }, { tier: 'x' }],
    ['!app', {}, { app: 'x' }],
    ['n>5', { n: '6' }, { n: '5' }],
    ['n<5', { n: '-7' }, { n: 'x' }],
    ['a=1,b=2', { a: '1', b: '2' }, { a: '1' }],
    ['a=', { a: '' }, {}],
    ['in in (in)', { in: 'in' }, { in: 'x' }],
    ['a in (,b)', { a: '' }, { a: 'c' }],
  ])('%s', (text, matching, other) => {
    const selector = parseLabelSelector(text);
    expect(selector.matches(matching)).toBe(true);
    expect(selector.matches(other)).toBe(false);
  });

  test.each([
    ['b=2 , a', 'a,b=2'],
    ['x in (b,a,b)', 'x in (a,b)'],
    ['!x,y!=z', '!x,y!=z'],
    ['n > 5', 'n>5'],
    ['a==b', 'a==b'],
  ])('%s is written %s', (text, canonical) => {
    expect(parseLabelSelector(text).text).toBe(canonical);
  });

  test.each([
    ['=a', "found '=', expected: !, identifier, or 'end of string'"],
    ['a,', "found '', expected: identifier after ','"],
    ['a=b=c', "found '=', expected: ',' or 'end of string'"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['!', "unable to parse requirement: found '', expected: identifier"],
    ['a in', "unable to parse requirement: found '' expected: '('"],
    ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['a in (b,!', "unable to parse requirement: found '!', expected: ',', or identifier"],
    ['a in ((b))', "unable to parse requirement: found '(', expected: ',', ')' or identifier"],
    ['a=-b', `unable to parse requirement: values[0][a]: Invalid value: "-b": ${labelValueProblem}`],
    [
      'a in (-b,c_)',
      `unable to parse requirement: [values[0][a]: Invalid value: "-b": ${labelValueProblem}, values[1][a]: Invalid value: "c_": ${labelValueProblem}]`,
    ],
    ['a>b', `unable to parse requirement: values[0]: Invalid value: "b": for 'Gt', 'Lt' operators, the value must be an integer`],
  ])('%s is refused', (text, message) => {
    expect(problemOf(text)).toBe(message);
  });

  test('its text means the same again', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,3}$/);
    const requirement = fc.oneof(
      fc.tuple(name, fc.constantFrom('=', '!='), name).map((parts) => parts.join('')),
      fc.tuple(fc.constantFrom('', '!'), name).map((parts) => parts.join('')),
      fc
        .tuple(name, fc.constantFrom('in', 'notin'), fc.array(name, { minLength: 1, maxLength: 3 }))
        .map(([key, operator, values]) => `${key} ${operator} (${values.join(',')})`),
    );
    fc.assert(
      fc.property(fc.array(requirement, { maxLength: 4 }), fc.dictionary(name, name), (requirements, labels) => {
        const selector = parseLabelSelector(requirements.join(','));
        const again = parseLabelSelector(selector.text);
        expect(again.text).toBe(selector.text);
        expect(again.matches(labels)).toBe(selector.matches(labels));
      }),
    );
  });

  test('no text makes it crash or hang', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof problemOf(text) === 'string'));
  });
});

describe('LabelSelector', () => {
  test('none selects nothing, an empty one everything', () => {
    expect(selectorFromLabelSelector(undefined)).toBe(nothing);
    expect(selectorFromLabelSelector({})).toBe(everything);
    expect(nothing.matches({ a: 'b' })).toBe(false);
    expect(everything.matches(undefined)).toBe(true);
  });

  test('matches labels and expressions together', () => {
    const selector = selectorFromLabelSelector({
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['b', 'a'] },
        { key: 'old', operator: 'DoesNotExist' },
      ],
    });
    expect(selector.text).toBe('app=web,!old,tier in (a,b)');
    expect(selector.matches({ app: 'web', tier: 'a' })).toBe(true);
    expect(selector.matches({ app: 'web', tier: 'a', old: '' })).toBe(false);
  });

  test('is made once for a frozen selector', () => {
    const selector = Object.freeze({ matchLabels: { a: 'b' } });
    expect(selectorFromLabelSelector(selector)).toBe(selectorFromLabelSelector(selector));
  });

  test('says what is wrong', () => {
    expect(labelSelectorProblem({ matchExpressions: [{ key: 'a', operator: 'Near' }] })).toBe(
      '"Near" is not a valid label selector operator',
    );
    expect(labelSelectorProblem({ matchExpressions: [{ key: 'a', operator: 'In', values: [] }] })).toBe(
      "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
    );
  });

  test('plain maps ask for every entry', () => {
    expect(selectorFromMap({ a: '1', b: '2' }).text).toBe('a=1,b=2');
    expect(selectorFromMap({}).isEmpty).toBe(true);
    expect(selectorText({ matchLabels: { b: '2', a: '1' } })).toBe('a=1,b=2');
  });

  test('names of built-in properties are labels like any other', () => {
    expect(parseLabelSelector('constructor').matches({})).toBe(false);
    expect(parseLabelSelector('!toString').matches({})).toBe(true);
  });
});
