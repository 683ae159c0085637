/** What editors are sent: whatever is edited, in the end it is what rules find that remember nothing. */
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import type { Connection, Diagnostic } from 'vscode-languageserver/node';
import { SteppedClock } from '#common/base/clock.ts';
import { silentLog } from '#common/base/log.ts';
import { allRules } from '../rules/allRules.ts';
import { RuleRunner } from '../rules/runner.ts';
import { World } from '../world.ts';
import { Convert } from './convert.ts';
import { DiagnosticsPublisher } from './diagnosticsPublisher.ts';
import { Positions } from './positions.ts';

interface Sent {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly Diagnostic[];
}

const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

function publishing() {
  const clock = new SteppedClock();
  const world = new World(() => clock.now());
  const sent: Sent[] = [];
  const connection = { sendDiagnostics: (params: Sent) => Promise.resolve(void sent.push(params)) } as unknown as Connection;
  const runner = new RuleRunner(allRules, silentLog);
  const convert = new Convert(new Positions('utf-16'), world.index);
  const publisher = new DiagnosticsPublisher({ connection, world, runner, convert, clock, log: silentLog });
  stops.push(() => publisher.dispose());
  /** Until all that is due has been sent. */
  const settled = async (): Promise<void> => {
    for (let round = 0; round < 2; round++) {
      for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
      await clock.advance(1_000);
    }
  };
  return { world, sent, settled };
}

type Shown = Record<string, readonly object[]>;

/** What the editor shows: of each file what was sent last. */
const shownBy = (world: World, sent: readonly Sent[]): Shown =>
  told(world, new Map(sent.map(({ uri, diagnostics }) => [uri, diagnostics])));

function foundAfresh(world: World): Shown {
  const runner = new RuleRunner(allRules, silentLog);
  const convert = new Convert(new Positions('utf-16'), world.index);
  const found = world.index.files().map((file): [string, Diagnostic[]] => {
    const diagnostics = runner.diagnose(world.snapshot(new AbortController().signal, file), file);
    return [file.uri, diagnostics.map((each) => convert.diagnostic(file, each))];
  });
  return told(world, new Map(found));
}

const told = (world: World, found: ReadonlyMap<string, readonly Diagnostic[]>): Shown =>
  Object.fromEntries(
    [...found]
      .filter(([, diagnostics]) => diagnostics.length > 0)
      .map(([uri, diagnostics]): [string, object[]] => [uri, diagnostics.map((each) => comparable(world, each))])
      .sort(),
  );

/** Of several objects that are as good as each other any may be shown: what counts is that it stands there. */
function comparable({ index }: World, { message, relatedInformation, ...diagnostic }: Diagnostic): object {
  const related = relatedInformation?.map(({ location: { uri, range }, message: text }) => {
    const line = index.get(uri)?.text.split('\n')[range.start.line] ?? '';
    return `${text}: ${line.slice(range.start.character, range.end.character)}`;
  });
  return { ...diagnostic, related, message: String(message).replace(/also in .*/, 'also elsewhere') };
}

const workload = (name: string, label: string, config: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: ${label}}}
  template:
    metadata: {labels: {app: ${label}}}
    spec:
      containers:
        - name: web
          image: nginx:1.27
          ports: [{name: http, containerPort: 8080}]
          envFrom: [{configMapRef: {name: ${config}}}]
`;
const service = (label: string, port: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: {app: ${label}}\n  ports: [{port: 80, targetPort: ${port}}]\n`;
const config = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {a: b}\n`;
const made = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';
const patched = `${made}patches: [{path: a.yaml}]\nconfigMapGenerator: [{name: settings}]\n`;
const definition = (kind: string): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: ${kind}}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}}}}}}
`;
const widget = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: {size: large}\n';

const name = fc.constantFrom('web', 'webb', 'settings');
const document = fc.oneof(
  fc.tuple(name, name, name).map((each) => workload(...each)),
  fc.tuple(name, fc.constantFrom('http', 'https')).map((each) => service(...each)),
  name.map(config),
  fc.constantFrom(definition('Widget'), definition('Gadget'), widget, '# nothing yet\n', 'kind: Pod\n  broken: [\n'),
);
const text = fc.oneof(
  { weight: 4, arbitrary: fc.array(document, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('---\n')) },
  { weight: 1, arbitrary: fc.constantFrom(made, patched) },
);
const edit = fc.record({
  file: fc.constantFrom('a.yaml', 'b.yaml', 'c.yaml', 'kustomization.yaml'),
  how: fc.constantFrom('type', 'type', 'type', 'shift', 'save', 'remove', 'close'),
  text,
});

test('after any edits, editors show what rules find that remember nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 2, maxLength: 12 }), async (edits) => {
      const { world, sent, settled } = publishing();
      const open = new Map<string, string>();
      for (const [version, { file, how, text: given }] of edits.entries()) {
        const uri = `file:///${file}`;
        const isOpen = open.has(uri);
        if (how === 'save' || (how === 'shift' && !isOpen)) {
          world.index.setOnDisk(uri, given);
        } else if (how === 'remove') {
          world.index.removeFromDisk(uri);
        } else if (how === 'close') {
          open.delete(uri);
          world.index.close(uri);
        } else {
          // Moves everything in the file, and changes nothing else of it.
          const now = how === 'shift' ? `# a comment above\n${open.get(uri) ?? ''}` : given;
          open.set(uri, now);
          world.index.setOpen(uri, now, version + 1);
        }
        await settled();
        expect(shownBy(world, sent)).toEqual(foundAfresh(world));
      }
    }),
    { numRuns: 25 },
  );
});

test('each version of an open file is told once', async () => {
  const { world, sent, settled } = publishing();
  const uri = 'file:///a.yaml';
  for (const version of [1, 2, 3]) {
    world.index.setOpen(uri, workload('web', 'web', `missing-${version}`), version);
    await settled();
  }
  expect(sent.map(({ version }) => version)).toEqual([1, 2, 3]);
});

test("what nobody else has asked about is nobody else's business", async () => {
  const { world, sent, settled } = publishing();
  world.index.setOpen('file:///b.yaml', service('web', 'http'), 1);
  world.index.setOpen('file:///a.yaml', workload('web', 'web', 'settings'), 1);
  await settled();
  const before = world.index.othersRevision;
  world.index.setOpen('file:///a.yaml', workload('web', 'web', 'settings').replace('1.27', '1.28'), 2);
  expect(world.index.othersRevision).toBe(before);
  world.index.setOpen('file:///a.yaml', workload('web', 'api', 'settings'), 3);
  expect(world.index.othersRevision).toBeGreaterThan(before);
  await settled();
  expect(sent.filter(({ uri }) => uri === 'file:///b.yaml').at(-1)?.diagnostics).toHaveLength(1);
});
