/** The two languages: who gets which, and that nothing which people read goes past the list of translations. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { imageDescriptions } from '#common/images/imageDescriptions.ts';
import { allKinds } from '#common/kinds/allKinds.ts';
import { english, l10nOf } from './l10n.ts';

const project = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(project, file), 'utf8');
const json = (file: string): Record<string, string> => JSON.parse(read(file)) as Record<string, string>;
const texts = json('l10n/server.l10n.zh-cn.json');

describe('the language', () => {
  test.each(['zh', 'zh-cn', 'zh-CN', 'zh-Hans', 'zh-Hans-CN', 'zh_CN.UTF-8', 'zh-SG'])('%s is Chinese', async (locale) => {
    expect((await l10nOf(locale)).language).toBe('zh-cn');
  });

  test.each([undefined, '', 'en', 'de-DE', 'C', 'zh-tw', 'zh-Hant', 'zhx'])('%s is English', async (locale) => {
    expect(await l10nOf(locale)).toBe(english);
  });

  test('places are filled with what is given, whatever that looks like', async () => {
    const chinese = await l10nOf('zh-cn');
    for (const { t } of [english, chinese]) expect(t('{0}: {1}', '{1}', '$&')).toMatch(/^\{1\}(: |：)\$&$/);
  });

  test('lists and clauses are put together as the language does it', async () => {
    const chinese = await l10nOf('zh-cn');
    expect([english.list(['a', 80]), english.clauses('a', undefined, false, '', 'b')]).toEqual(['a, 80', 'a, b']);
    expect([chinese.list(['a', 80]), chinese.clauses('a', undefined, false, '', 'b')]).toEqual(['a、80', 'a，b']);
  });
});

/** Only their punctuation differs, if anything. */
const inBoth = new Set(['base64', 'metrics: cpu at {0} %', 'Pod {0}: {1}', '{0} to {1}']);

describe('the Chinese texts', () => {
  test('have the same places to fill, and are Chinese', () => {
    const places = (sentence: string): string => [...sentence.matchAll(/\{\d\}/g)].join().split(',').sort().join();
    for (const [text, chinese] of Object.entries(texts)) {
      expect(places(chinese), text).toBe(places(text));
      if (!/[a-z]/.test(text) || inBoth.has(text)) continue;
      expect(chinese, text).toMatch(/\p{Script=Han}/u);
    }
  });

  test('say what the extension says, where the English is the same', () => {
    const extension = json('l10n/bundle.l10n.zh-cn.json');
    const differing = Object.keys(texts).filter((text) => Object.hasOwn(extension, text) && extension[text] !== texts[text]);
    expect(differing).toEqual([]);
  });

  test('are there for what images are said to be, and for why fields have no effect', () => {
    const reasons = allKinds.flatMap(({ ineffectiveFields }) => Object.values(ineffectiveFields ?? {}));
    for (const text of [...Object.values(imageDescriptions).map(({ about }) => about), ...reasons])
      expect(Object.keys(texts)).toContain(text);
  });
});

const sources = globSync('server/src/**/*.ts', { cwd: project }).filter((file) => !/\.test\.ts$|\/testing\//.test(file));

/** What the API server or the protocol says, and what is no text for people. */
const verbatim = new Set([
  'key 0 already set in map',
  'no matches for kind 0 in version 0',
  'unknown field 0',
  'not a label selector',
  // What is typed to find it.
  'volume and mount',
  // For the log.
  'fixes of 0',
]);

/** Properties whose texts are for documentation, for typing, or for a file; and arguments that end in the log. */
const isElsewhere = (node: ts.Node): boolean => {
  if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return true;
  if (ts.isPropertyAssignment(node)) {
    const call = node.parent.parent;
    const inRule = ts.isCallExpression(call) && /^(?:defineRule|missingName)$/.test(call.expression.getText());
    return /^(?:docs|example|text|label|sort)$/.test(node.name.getText()) || (inRule && node.name.getText() === 'title');
  }
  if (ts.isNewExpression(node)) return /(?:Error|StaleSnapshot)$/.test(node.expression.getText());
  return ts.isCallExpression(node) && /(?:\blog\.\w+|\.split)$/.test(node.expression.getText());
};

/** The literals that read like a part of a sentence; `0` stands for what is filled in. */
function sentencesOf(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isElsewhere(node)) return;
    const text = ts.isStringLiteralLike(node)
      ? node.text
      : ts.isTemplateExpression(node)
        ? [node.head, ...node.templateSpans.map(({ literal }) => literal)].map((part) => part.text).join('0')
        : '';
    if (/[a-z]{2,},? [a-z]{2,}|[a-z]{2,} 0|0 [a-z]{2,}/.test(text)) found.push(text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true));
  return found;
}

test('every sentence of the server has a Chinese one', () => {
  const untranslated = sources.flatMap((file) =>
    sentencesOf(file)
      .filter((text) => !Object.hasOwn(texts, text) && !verbatim.has(text))
      .map((text) => `${file}: ${text}`),
  );
  expect(untranslated).toEqual([]);
});

test('every Chinese text is of something that is said', () => {
  const told = globSync(['common/src/{images,kinds,manifests}/**/*.ts', 'node_modules/yaml/dist/compose/*.js'], { cwd: project });
  const code = [...sources, ...told].map(read).join('\n').replaceAll("\\'", "'").replaceAll('\\"', '"');
  const simulated = 'containers are simulated';
  // The parser puts together what it says of brackets and quotes.
  const unused = Object.keys(texts).filter((text) => {
    const written = text.startsWith(`${simulated} `) ? text.slice(simulated.length) : text;
    return !code.includes(written) && !/^(?:Missing closing|Flow (?:map|sequence)) /.test(text);
  });
  expect(unused).toEqual([]);
});
