/**
 * What a person would see who watched while the steps of an example were done: each event of the namespace, and each change
 * of a row of `kubectl get --watch`, with the time since the beginning; between them the steps and what they print.
 */
import type { Clock } from '#common/base/clock.ts';
import type { Disposable } from '#common/base/disposable.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { Event } from '#common/kinds/event.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '#runtime/client/client.ts';

/** Cells that change with the time alone, or are too long for a line that is about something else. */
const leftOut = new Set(['Name', 'Age', 'Duration', 'Last Schedule', 'Last Status Change', 'Images', 'Containers', 'Selector']);
/** Cells of `-o wide` that matter here: where a pod is, or is to be. */
const wanted = new Set(['Node', 'Nominated Node']);
const unsaid = new Set(['', '<none>', '<unset>']);

export class Transcript {
  readonly #lines: string[] = [];
  readonly #clock: Clock;
  readonly #began: number;
  readonly #watches: Disposable[];
  readonly #rows = new Map<string, string>();

  /** Follows objects of these kinds in the namespace `default`, and those that are in none. */
  constructor(clock: Clock, cache: Cache, kinds: readonly KindDefinition[]) {
    this.#clock = clock;
    this.#began = clock.now();
    for (const kind of kinds)
      for (const object of cache.list(kind)) this.#rows.set(rowKey(kind, object), this.#rowOf(kind, object));
    this.#watches = [
      cache.informer(Event).onChange(({ type, object }) => {
        if (type !== 'deleted' && object.metadata.namespace === 'default') this.#event(object);
      }),
      ...kinds.map((kind) =>
        cache.informer(kind).onChange(({ type, object }) => {
          if ((object.metadata.namespace ?? 'default') === 'default') this.#change(kind, object, type === 'deleted');
        }),
      ),
    ];
  }

  /** A command as it is typed, with what it prints. */
  command(line: string): void {
    this.#lines.push('', `$ ${line}`);
  }

  print(text: string): void {
    for (const line of text.trimEnd().split('\n')) this.#lines.push(`    ${line}`.trimEnd());
  }

  /** The whole text; nothing is recorded from here on. */
  end(): string {
    for (const watch of this.#watches) watch.dispose();
    return `${this.#lines.join('\n').trim()}\n`;
  }

  #event({
    type,
    reason,
    involvedObject: { kind = '', name },
    message = '',
    count,
    series,
    source,
    reportingComponent,
  }: api.Event): void {
    const component = source?.component ?? reportingComponent ?? '';
    const seen = series?.count ?? count ?? 1;
    const times = seen > 1 ? ` ×${seen}` : '';
    this.#tell(`${type} ${reason}${times} ${kind.toLowerCase()}/${name} (${component}): ${message.replaceAll('\n', '⏎')}`);
  }

  #change(kind: KindDefinition, object: KubeObject, gone: boolean): void {
    const key = rowKey(kind, object);
    const row = gone ? 'gone' : this.#rowOf(kind, object);
    if (this.#rows.get(key) === row) return;
    if (gone) this.#rows.delete(key);
    else this.#rows.set(key, row);
    this.#tell(`${key}  ${row}`);
  }

  #tell(text: string): void {
    const tenths = Math.round((this.#clock.now() - this.#began) / 100);
    this.#lines.push(`${(tenths / 10).toFixed(1).padStart(6)}  ${text}`);
  }

  /** The cells of `kubectl get`, with their names. */
  #rowOf(kind: KindDefinition, object: KubeObject): string {
    return kind.columns
      .filter(({ name, priority = 0 }) => wanted.has(name) || (priority === 0 && !leftOut.has(name)))
      .map(({ name, cell }) => ({ name, value: String(cell(object, this.#clock.now()) ?? '').replace(/ \(.* ago\)$/, '') }))
      .filter(({ name, value }) => !unsaid.has(value) && !(name === 'Restarts' && value === '0'))
      .map(({ name, value }) => `${name.toLowerCase().replaceAll(' ', '-')}=${value}`)
      .join(' ');
  }
}

const rowKey = (kind: KindDefinition, { metadata }: KubeObject): string => `${kind.singular}/${metadata.name}`;
