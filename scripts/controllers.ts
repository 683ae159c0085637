/**
 * Lists every controller in docs/controllers.md with what it acts on and what it writes, from the declarations:
 * `node scripts/controllers.ts`. A test compares, so that the page stays true, and the controllers' own tests refuse writes
 * that a declaration does not say.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { Controller, Writes } from '../cluster-runtime/src/controller/controller.ts';
import { controllersFor } from '../cluster-runtime/src/controllers/allControllers.ts';
import { machineControllers } from '../cluster-runtime/src/playground/machineController.ts';

const root = path.resolve(import.meta.dirname, '..');
const page = path.join(root, 'docs/controllers.md');
const folders = ['cluster-runtime/src/controllers', 'cluster-runtime/src/playground'];

const intro = `# Controllers

Made by \`scripts/controllers.ts\` from the declarations. "Acts on" are the kinds whose changes make a controller look again;
the first is the kind that its work items are named after. All of them write Events besides. They run while this process
holds the lease \`kube-controller-manager\` in kube-system.

| controller | what it does | acts on | writes |
|---|---|---|---|
`;

/** All of them, also those that need something from outside. */
function everyController(): Controller[] {
  const nothing = (): never => {
    throw new Error('only declarations are read');
  };
  const all = controllersFor({
    rootCertificate: 'x',
    issueToken: nothing,
    mayRequest: nothing,
    signing: { ca: { cert: '', key: '' }, wallTime: nothing } as never,
    loadBalancers: { ensure: nothing, release: nothing },
  });
  return [...all, ...machineControllers()];
}

interface Source {
  readonly file: string;
  readonly text: string;
}

const sources = (): Source[] =>
  folders.flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => ({ file: `${folder}/${name}`, text: readFileSync(path.join(root, folder, name), 'utf8') })),
  );

/** The first sentence of the comment that the file opens with. */
function firstSentence(text: string): string {
  const comment = /^\/\*\*([^]*?)\*\//.exec(text)?.[1] ?? '';
  const prose = comment
    .replace(/\n\s*\*\s?/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const sentence = /^.*?\.(?= |$)/.exec(prose)?.[0] ?? prose;
  return sentence.replaceAll('|', '\\|');
}

const namesOf = (kinds: readonly KindDefinition[] | Writes): string =>
  kinds === 'any' ? 'every kind' : [...new Set(kinds.map(({ kind }) => kind))].join(', ') || '–';

function watched(controller: Controller): string {
  if ('run' in controller) return namesOf(controller.reads ?? []);
  const { owns = [], watches = [], keysForAny } = controller;
  const own = [controller.for, ...owns, ...watches.map(({ kind }) => kind)];
  return keysForAny ? `${controller.for.kind}, every kind` : namesOf(own);
}

/** The page as it should be now. */
export function controllersPage(): string {
  const files = sources();
  const rows = everyController().map((controller) => {
    const source = files.find(
      ({ text }) => text.includes(`name: '${controller.name}'`) || text.includes(`name = '${controller.name}'`),
    );
    if (!source) throw new Error(`no file declares ${controller.name}`);
    const link = `[\`${controller.name}\`](../${source.file})`;
    return `| ${link} | ${firstSentence(source.text)} | ${watched(controller)} | ${namesOf(controller.writes ?? [])} |`;
  });
  return `${intro}${rows.sort().join('\n')}\n`;
}

if (import.meta.main) writeFileSync(page, controllersPage());
