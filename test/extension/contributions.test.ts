/** package.json against the code: every command and every text is there, in both languages. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandIds, type RowCommand, rowCommands } from '#common/protocol/commands.ts';
import { detailsTexts } from '#common/protocol/detailsTexts.ts';
import { browserTexts } from '#common/protocol/browserTexts.ts';
import { treeTexts } from '#common/protocol/treeTexts.ts';
import { projectFolder } from '../support/testCluster.ts';

interface MenuItem {
  readonly command: string;
  readonly when?: string;
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
  };
}

const text = (file: string): string => readFileSync(path.join(projectFolder, file), 'utf8');
const json = (file: string): Record<string, string> => JSON.parse(text(file)) as Record<string, string>;
const { contributes } = JSON.parse(text('package.json')) as Manifest;

describe('commands', () => {
  test('package.json has each command of the list, and no other', () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual([...commandIds].sort());
  });

  test('the palette offers each under a condition', () => {
    const palette = contributes.menus['commandPalette'] ?? [];
    expect(palette.map(({ command }) => command).sort()).toEqual([...commandIds].sort());
    for (const { when } of palette) expect(when).toContain('isWorkspaceTrusted');
  });

  test('each has an implementation', () => {
    const sources = globSync('client/src/commands/*.ts', { cwd: projectFolder }).map(text).join('\n');
    for (const id of commandIds) expect(sources, id).toContain(`id: '${id}'`);
  });

  test('the menu of a row offers what the list says, for the kinds that it says', () => {
    const traitOf = (row: RowCommand): string =>
      row.when ? ` && kubeIs =~ /\\b${row.when}\\b/` : row.unless ? ` && !(kubeIs =~ /\\b${row.unless}\\b/)` : '';
    const expected = rowCommands.map((row) => ({
      command: row.id,
      when: `webviewId == 'kubePlayground.tree' && webviewSection == 'row' && kubeKind =~ /^(${row.kinds.join('|')})$/${traitOf(row)}`,
    }));
    expect((contributes.menus['webview/context'] ?? []).map(({ command, when }) => ({ command, when }))).toEqual(expected);
  });
});

describe('texts', () => {
  const used = (): string[] => [...text('package.json').matchAll(/"%([^%]+)%"/g)].map(([, key = '']) => key);

  test.each(['package.nls.json', 'package.nls.zh-cn.json'])('%s has what package.json names, and nothing else', (file) => {
    expect(Object.keys(json(file)).sort()).toEqual([...new Set(used())].sort());
  });

  test('Chinese has every text of the code, with the same places to fill', () => {
    const bundle = json('l10n/bundle.l10n.zh-cn.json');
    const code = globSync('client/src/**/*.ts', { cwd: projectFolder }).map(text).join('\n');
    const texts = [...code.matchAll(/l10n\.t\(\s*'((?:[^'\\]|\\.)*)'/g)].map(([, english = '']) =>
      english.replaceAll("\\'", "'"),
    );
    expect(texts.length).toBeGreaterThan(40);
    expect(Object.keys(bundle).sort()).toEqual(
      [
        ...new Set([...texts, ...Object.values(treeTexts), ...Object.values(browserTexts), ...Object.values(detailsTexts)]),
      ].sort(),
    );
    const places = (sentence: string): string => [...sentence.matchAll(/\{\d\}|\$\([\w~-]+\)/g)].join().split(',').sort().join();
    for (const [english, chinese] of Object.entries(bundle)) expect(places(chinese), english).toBe(places(english));
  });

  test('no text goes past the translation', () => {
    for (const file of globSync('client/src/**/*.ts', { cwd: projectFolder })) {
      expect(text(file), file).not.toMatch(/show(Error|Warning|Information)Message\(\s*['"`]/);
    }
  });
});
