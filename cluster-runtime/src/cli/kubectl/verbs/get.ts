/** `kubectl get`: tables as the server draws them, or the objects themselves. */
import { withQuery } from '#apiClient/apiPath.ts';
import type { ApiResource } from '#apiClient/discovery.ts';
import { bool, int, text } from '../flags.ts';
import { KubectlErrors, plainError, usageError } from '../kubectlError.ts';
import { fileTargets, readFiles } from '../manifestFiles.ts';
import { objectPrinter, type ObjectPrinter, outputFlags, type PrintedObject } from '../output/printObjects.ts';
import { sortedBy } from '../output/sortObjects.ts';
import {
  type Columns,
  headerText,
  rowText,
  type Table,
  tableAccept,
  type TableOptions,
  type TableRow,
} from '../output/tables.ts';
import { TabWriter, tableLayout } from '../output/tabWriter.ts';
import type { Session } from '../session.ts';
import { fetchTargets, fileFlags, inListWords, pathOf, selection, selectorFlags, type Target, targetsOf } from '../targets.ts';
import type { Verb } from './verb.ts';

const command = 'kubectl get';

export const get: Verb = {
  summary: 'Display one or many resources.',
  usage: '[TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE/NAME ... | -f FILENAME] [options]',
  flags: {
    ...selectorFlags,
    ...fileFlags,
    ...outputFlags,
    watch: { kind: 'bool', short: 'w' },
    'watch-only': bool,
    'output-watch-events': bool,
    'show-labels': bool,
    'show-kind': bool,
    'no-headers': bool,
    'label-columns': { kind: 'commaList', short: 'L' },
    'sort-by': text,
    'ignore-not-found': bool,
    'chunk-size': int,
    'server-print': bool,
    subresource: text,
    raw: text,
    'allow-missing-template-keys': bool,
  },
  async run(session) {
    const { flags, io } = session;
    const raw = flags.text('raw');
    if (raw !== undefined) return io.out(await (await session.api()).text(raw));
    const print = objectPrinter(session);
    const targets = await wanted(session);
    if (flags.bool('watch') || flags.bool('watch-only')) {
      const { watchTarget } = await import('./getWatch.ts');
      const [target] = targets;
      if (!target || targets.length !== 1)
        throw plainError(
          'you may only specify a single resource type to watch; watch is only supported on individual resources and resource collections',
        );
      return watchTarget(session, target, print, tableOptions(session, target.resource, false));
    }
    await (print ? printObjects(session, targets, print) : printTables(session, targets));
  },
};

async function wanted(session: Session): Promise<Target[]> {
  const { flags, args } = session;
  if (flags.has('filename') || flags.has('kustomize')) return fileTargets(session, await readFiles(session));
  const nothing = (): Error =>
    usageError(
      command,
      'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).',
    );
  if (args.length === 0)
    session.io.err(
      'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n',
    );
  const targets = await targetsOf(session, args, { command, allOfType: true, nothing });
  return targets;
}

const isNamed = (targets: readonly Target[]): boolean => targets.length === 1 && targets[0]?.name !== undefined;

/** Failures, but for those of what may be missing. */
function errorsOf(session: Session): { readonly list: unknown[]; add(error: unknown): void } {
  const errors: unknown[] = [];
  return {
    list: errors,
    add: (error) => {
      if (session.flags.bool('ignore-not-found') && (error as { reason?: string }).reason === 'NotFound') return;
      errors.push(error);
    },
  };
}

const requestPath = (session: Session, target: Target): string => {
  const subresource = session.flags.text('subresource');
  return subresource ? `${pathOf(target)}/${subresource}` : pathOf(target);
};

async function printObjects(session: Session, targets: readonly Target[], print: ObjectPrinter): Promise<void> {
  const errors = errorsOf(session);
  const subresource = session.flags.text('subresource');
  const found = subresource
    ? await Promise.all(
        targets.map(async (target) => ({ target, object: await (await session.api()).get<never>(requestPath(session, target)) })),
      )
    : await fetchTargets(session, targets, errors.add);
  const field = session.flags.text('sort-by');
  const printed = found.map(({ target, object }): PrintedObject => ({ resource: target.resource, object }));
  const sorted = field ? sortedBy(printed, field, ({ object }) => object) : printed;
  if (isNamed(targets) ? sorted.length > 0 : errors.list.length === 0 || sorted.length > 0)
    session.io.out(print(sorted, isNamed(targets)));
  if (errors.list.length > 0) throw new KubectlErrors(errors.list);
}

export function tableOptions(session: Session, resource: ApiResource, withKind: boolean): TableOptions {
  const { flags } = session;
  return {
    wide: flags.text('output') === 'wide',
    noHeaders: flags.bool('no-headers'),
    withNamespace: flags.bool('all-namespaces') && resource.namespaced,
    withKind: withKind || flags.bool('show-kind'),
    showLabels: flags.bool('show-labels'),
    labelColumns: flags.list('label-columns'),
  };
}

interface Drawn {
  readonly resource: ApiResource;
  readonly columns: Columns;
  readonly rows: readonly TableRow[];
}

async function printTables(session: Session, targets: readonly Target[]): Promise<void> {
  const errors = errorsOf(session);
  const drawn: Drawn[] = [];
  for (const target of targets) {
    try {
      drawn.push({ resource: target.resource, ...(await tableOf(session, target)) });
    } catch (error) {
      errors.add(error);
    }
  }
  const withKind = new Set(targets.map(({ resource }) => resource)).size > 1;
  const shown = drawn.filter(({ rows }) => rows.length > 0);
  const writer = new TabWriter(tableLayout);
  let last: ApiResource | undefined;
  for (const { resource, columns, rows } of shown) {
    const options = tableOptions(session, resource, withKind);
    if (resource !== last) {
      session.io.out(writer.flush());
      writer.forgetWidths();
      if (last && !options.noHeaders) session.io.out('\n');
      if (!options.noHeaders) writer.write(`${headerText(columns, options)}\n`);
      last = resource;
    }
    for (const row of rows) writer.write(`${rowText(resource, columns, row, options)}\n`);
  }
  session.io.out(writer.flush());
  if (errors.list.length > 0) throw new KubectlErrors(errors.list);
  if (shown.length > 0 || session.flags.bool('ignore-not-found')) return;
  const inNamespace = targets.every(({ resource }) => resource.namespaced) && !session.flags.bool('all-namespaces');
  session.io.err(inNamespace ? `No resources found in ${await session.namespace()} namespace.\n` : 'No resources found\n');
}

async function tableOf(session: Session, target: Target): Promise<{ columns: Columns; rows: readonly TableRow[] }> {
  const field = session.flags.text('sort-by');
  const api = await session.api();
  const includeObject = field ? 'Object' : undefined;
  const isCollection = target.name === undefined;
  const rows: TableRow[] = [];
  let columns: Columns = [];
  let next: string | undefined;
  do {
    const query = isCollection ? { ...selection(session), limit: 500, continue: next, includeObject } : { includeObject };
    const pending = api.get<Table>(withQuery(requestPath(session, target), query), session.io.signal, tableAccept);
    const table = await inListWords(session, target, pending);
    columns = table.columnDefinitions ?? columns;
    rows.push(...(table.rows ?? []));
    next = table.metadata?.continue || undefined;
  } while (next);
  return { columns, rows: field ? sortedBy(rows, field, ({ object }) => object) : rows };
}
