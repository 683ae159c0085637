/** The warning events that there are about each object: how many times, and what the latest says. */
import type * as api from '#common/schema/generated/types.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { nodeId } from './rows/places.ts';

interface Told {
  readonly times: number;
  readonly at: string;
  readonly text: string;
}

export class WarningEvents {
  /** Object → event → what it tells. */
  readonly #told = new Map<string, Map<string, Told>>();

  /** What the event is about, as `keyOf` names it; undefined when nothing changed. */
  set(object: KubeObject): string | undefined {
    const event = object as api.Event;
    const about = aboutOf(event);
    if (about === undefined || event.type !== 'Warning') return undefined;
    let events = this.#told.get(about);
    if (!events) this.#told.set(about, (events = new Map()));
    events.set(object.metadata.uid ?? '', {
      times: event.series?.count ?? event.count ?? 1,
      at: event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? object.metadata.creationTimestamp ?? '',
      text: [event.reason, event.message].filter((part) => part).join(': '),
    });
    return about;
  }

  remove(object: KubeObject): string | undefined {
    const about = aboutOf(object as api.Event);
    const events = about === undefined ? undefined : this.#told.get(about);
    if (about === undefined || !events?.delete(object.metadata.uid ?? '')) return undefined;
    if (events.size === 0) this.#told.delete(about);
    return about;
  }

  /** Instead of all before. */
  replace(objects: readonly KubeObject[]): Set<string> {
    const changed = new Set(this.#told.keys());
    this.#told.clear();
    for (const object of objects) {
      const about = this.set(object);
      if (about !== undefined) changed.add(about);
    }
    return changed;
  }

  about(key: string): { warnings: number; warning: string } | undefined {
    const events = this.#told.get(key);
    if (!events) return undefined;
    let warnings = 0;
    let latest: Told | undefined;
    for (const told of events.values()) {
      warnings += told.times;
      if (!latest || told.at >= latest.at) latest = told;
    }
    return { warnings, warning: latest?.text ?? '' };
  }
}

/** Events about nodes name them instead of their uid. */
export const keyOf = (kind: string, object: KubeObject): string =>
  kind === 'Node' ? nodeId(object.metadata.name ?? '') : (object.metadata.uid ?? '');

function aboutOf({ involvedObject }: api.Event): string | undefined {
  if (involvedObject?.kind === 'Node') return nodeId(involvedObject.name ?? '');
  return involvedObject?.uid;
}
