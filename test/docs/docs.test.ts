import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { controllersPage } from '../../scripts/controllers.ts';
import { differencesPage } from '../../scripts/differences.ts';
import { rulesPage } from '../../scripts/rules.ts';
import { projectFolder } from '../support/testCluster.ts';

it('docs/differences.md says what the code says (node scripts/differences.ts writes it anew)', () => {
  expect(readFileSync(path.join(projectFolder, 'docs/differences.md'), 'utf8')).toBe(differencesPage());
});

it('docs/controllers.md says what the controllers declare (node scripts/controllers.ts writes it anew)', () => {
  expect(readFileSync(path.join(projectFolder, 'docs/controllers.md'), 'utf8')).toBe(controllersPage());
});

it('docs/rules.md says what the rules say (node scripts/rules.ts writes it anew)', () => {
  expect(readFileSync(path.join(projectFolder, 'docs/rules.md'), 'utf8')).toBe(rulesPage());
});

it('every dependency has its reason in docs/dependencies.md', () => {
  const { devDependencies = {}, dependencies = {} } = JSON.parse(
    readFileSync(path.join(projectFolder, 'package.json'), 'utf8'),
  ) as {
    devDependencies?: Record<string, string>;
    dependencies?: Record<string, string>;
  };
  const page = readFileSync(path.join(projectFolder, 'docs/dependencies.md'), 'utf8');
  expect(Object.keys({ ...devDependencies, ...dependencies }).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
