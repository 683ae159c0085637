/** The dashboard's words in the browser's language: English, or Chinese as the extension's own files have it. */
import { browserTexts, type BrowserTexts } from '#common/protocol/browserTexts.ts';
import { type CommandId } from '#common/protocol/commands.ts';
import { browserCommands } from '#common/protocol/browser.ts';
import { treeTexts, type TreeTexts } from '#common/protocol/treeTexts.ts';

export type Language = 'en' | 'zh-cn';

export interface Words {
  readonly language: Language;
  readonly tree: TreeTexts;
  readonly browser: BrowserTexts;
  readonly menu: Readonly<Partial<Record<CommandId, string>>>;
  /** The same texts in the language, from any list of English ones. */
  translated<T extends Readonly<Record<string, string>>>(texts: T): T;
}

/** Of an Accept-Language header: the first language that is spoken here. */
export function languageOf(accepted: string | undefined): Language {
  const wanted = (accepted ?? '').split(',').map((entry) => entry.trim().toLowerCase());
  const found = wanted.find((entry) => /^(en|zh)\b/.test(entry));
  return found?.startsWith('zh') ? 'zh-cn' : 'en';
}

export async function wordsOf(language: Language): Promise<Words> {
  const [bundle, titles] = language === 'en' ? [{}, await englishTitles()] : await chinese();
  const translated = <T extends Readonly<Record<string, string>>>(texts: T): T =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Object.hasOwn(bundle, text) ? bundle[text] : text])) as T;
  const browser = translated(browserTexts);
  const menu = Object.fromEntries(browserCommands.map((id) => [id, titles[`command.${id.slice('kubePlayground.'.length)}`]]));
  return { language, tree: { ...translated(treeTexts), lost: browser.lost }, browser, menu, translated };
}

type Texts = Readonly<Record<string, string | undefined>>;

const englishTitles = async (): Promise<Texts> => (await import('../../../package.nls.json', { with: { type: 'json' } })).default;

async function chinese(): Promise<[Texts, Texts]> {
  const [bundle, titles] = await Promise.all([
    import('../../../l10n/bundle.l10n.zh-cn.json', { with: { type: 'json' } }),
    import('../../../package.nls.zh-cn.json', { with: { type: 'json' } }),
  ]);
  return [bundle.default, titles.default];
}
