/**
 * Gathers what the code says after `Differs from Kubernetes:` into docs/differences.md: `node scripts/differences.ts`. A test
 * compares, so that the page stays true.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const page = path.join(root, 'docs/differences.md');

const sections: [title: string, folders: string[]][] = [
  [
    'The API',
    [
      'common/src/api',
      'common/src/schema',
      'common/src/kinds',
      'cluster-runtime/src/apiserver',
      'cluster-runtime/src/addons',
      'cluster-runtime/src/store',
    ],
  ],
  [
    'Controllers and scheduler',
    ['cluster-runtime/src/controller', 'cluster-runtime/src/controllers', 'cluster-runtime/src/scheduler'],
  ],
  ['Nodes and network', ['cluster-runtime/src/kubelet', 'cluster-runtime/src/network']],
  ['Containers', ['cluster-runtime/src/containers']],
];

const intro = `# What differs from Kubernetes

Made by \`scripts/differences.ts\` from the comments that say so, each with its place in the code. What is not here is meant to
behave as Kubernetes 1.36 does; if it does not, that is a defect.

Not there at all yet: aggregated API servers of one's own, conversion webhooks of custom resources, enforcement of
NetworkPolicies, ingress controllers, UDP. See the [roadmap](roadmap.md).
`;

interface Difference {
  readonly file: string;
  readonly text: string;
}

function differencesIn(folder: string): Difference[] {
  const found: Difference[] = [];
  for (const entry of readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts') || entry.name.endsWith('.test.ts')) continue;
    const file = path.join(entry.parentPath, entry.name);
    const source = readFileSync(file, 'utf8');
    for (const match of source.matchAll(/Differs from Kubernetes: ([^]*?)(?=\*\/|\n\s*\*?\s*\n|\n(?!\s*(?:\*|\/\/)))/g)) {
      const text = (match[1] ?? '')
        .replace(/\s*\n\s*(?:\*|\/\/)\s?/g, ' ')
        .replace(/\s+/g, ' ')
        .trim();
      if (text) found.push({ file: path.relative(root, file).replaceAll(path.sep, '/'), text });
    }
  }
  return found.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}

/** The page as it should be now. */
export function differencesPage(): string {
  const parts = sections.map(([title, folders]) => {
    const items = folders
      .flatMap(differencesIn)
      .map(({ file, text }) => `- ${text.charAt(0).toUpperCase()}${text.slice(1)} (\`${file}\`)`);
    return `## ${title}\n\n${items.join('\n')}\n`;
  });
  return [intro, ...parts].join('\n');
}

if (import.meta.main) writeFileSync(page, differencesPage());
