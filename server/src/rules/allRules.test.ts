import { describe, expect, test } from 'vitest';
import { diagnosticsOf, checkDiagnostics } from '../testing/check.ts';
import { parseFixture } from '../testing/fixture.ts';
import { allRules } from './allRules.ts';

describe.each(allRules.map((rule) => [rule.id, rule] as const))('%s', (_id, rule) => {
  test('its bad example is found where it says', () => {
    expect(parseFixture(rule.example.bad).files.flatMap(({ marks }) => marks)).not.toEqual([]);
    checkDiagnostics(rule, rule.example.bad);
  });

  test('its good example is good to all rules', () => {
    checkDiagnostics(undefined, rule.example.good);
  });

  test('settings turn it off, and give it another severity', () => {
    const off = diagnosticsOf(rule, rule.example.bad, { settings: { rules: new Map([[rule.id, 'off']]) } });
    expect([...off.found.values()].flat()).toEqual([]);
    const hint = diagnosticsOf(rule, rule.example.bad, { settings: { rules: new Map([[rule.id, 'hint']]) } });
    expect([...hint.found.values()].flat().every(({ severity }) => severity === 'hint')).toBe(true);
  });
});

test('every rule has an id and a title of its own, and says why', () => {
  expect(new Set(allRules.map(({ id }) => id)).size).toBe(allRules.length);
  expect(new Set(allRules.map(({ title }) => title)).size).toBe(allRules.length);
  for (const { id, docs } of allRules) {
    expect(id).toMatch(/^[a-z][a-z-]*$/);
    expect(docs.length).toBeGreaterThan(40);
  }
});
