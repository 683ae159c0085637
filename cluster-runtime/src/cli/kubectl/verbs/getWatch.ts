/** `kubectl get -w`: what there is, then a row for each change until the person has had enough. */
import { withQuery } from '#apiClient/apiPath.ts';
import { errorOfStatus } from '#apiClient/refusal.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import type { Status } from '#common/api/status.ts';
import type { ObjectPrinter } from '../output/printObjects.ts';
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
import { pathOf, selection, type Target } from '../targets.ts';

export async function watchTarget(
  session: Session,
  target: Target,
  print: ObjectPrinter | undefined,
  options: TableOptions,
): Promise<void> {
  const { flags, io } = session;
  const api = await session.api();
  const { name, ...collection } = target;
  const accept = print ? 'application/json' : tableAccept;
  const only = name === undefined ? selection(session) : { fieldSelector: `metadata.name=${name}` };
  // Asks for the object by itself first: what is not there is not waited for.
  if (name !== undefined) await api.get(pathOf(target), io.signal);
  const path = pathOf(collection);
  const show = print ? objectRows(session, target, print) : tableRows(session, target, options);
  const first = await api.get<Table & { items?: readonly UntypedObject[] }>(withQuery(path, only), io.signal, accept);
  if (!flags.bool('watch-only')) {
    if (print) for (const object of first.items ?? []) show('ADDED', object);
    else show('ADDED', first);
  }
  const query = { ...only, watch: true, resourceVersion: first.metadata?.resourceVersion };
  const onEvent = ({ type, object }: { readonly type: string; readonly object: unknown }): void => {
    if (type === 'ERROR') throw errorOfStatus(object as Status);
    if (type !== 'BOOKMARK') show(type, object);
  };
  await api.watch(withQuery(path, query), onEvent, io.signal, undefined, accept);
}

function objectRows({ io, flags }: Session, { resource }: Target, print: ObjectPrinter): (type: string, object: unknown) => void {
  let count = 0;
  return (type, object) => {
    const whole = { ...(object as UntypedObject), apiVersion: resource.apiVersion, kind: resource.kind };
    if (flags.text('output') === 'yaml' && count++ > 0) io.out('---\n');
    void type;
    io.out(print([{ resource, object: whole }], true));
  };
}

/** All rows of one time are aligned together, and with those before. */
function tableRows({ io, flags }: Session, { resource }: Target, options: TableOptions): (type: string, object: unknown) => void {
  const writer = new TabWriter(tableLayout);
  const withEvents = flags.bool('output-watch-events');
  let columns: Columns | undefined;
  return (type, object) => {
    const table = object as Table;
    if (!columns && (table.rows ?? []).length > 0) {
      columns = table.columnDefinitions ?? [];
      if (!options.noHeaders) writer.write(`${withEvents ? 'EVENT\t' : ''}${headerText(columns, options)}\n`);
    }
    for (const row of (table.rows ?? []) as readonly TableRow[])
      writer.write(`${withEvents ? `${type}\t` : ''}${rowText(resource, columns ?? [], row, options)}\n`);
    io.out(writer.flush());
  };
}
