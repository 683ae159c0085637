/**
 * Keeps repeated events from becoming many objects. The same event again raises the count of the first. Ten different
 * messages for one reason within ten minutes are combined into one event. One source may write 25 times about one
 * object, then once in five minutes. These are the limits that Kubernetes' clients have.
 */
import type * as api from '#common/schema/generated/types.ts';

const similarLimit = 10;
const similarWindow = 10 * 60_000;
const burst = 25;
const refillInterval = 5 * 60_000;
const seriesWindow = 6 * 60_000;
const remembered = 4096;

/** What came to pass, before it is known whether it came to pass before. */
export interface Occurrence {
  readonly about: api.ObjectReference;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly component: string;
  readonly host: string;
  /** One life of the component; what it said in an earlier one it does not remember. */
  readonly session: string;
  readonly action: string;
  readonly related?: api.ObjectReference;
}

/** One Event object and how often it was seen. */
export interface CorrelatedEvent {
  readonly occurrence: Occurrence;
  /** Of the latest occurrence. */
  message: string;
  readonly first: number;
  last: number;
  count: number;
}

/** A map that forgets what was not used for some thousand other keys, in two generations: cheaper than keeping order. */
class Recent<V> {
  #young = new Map<string, V>();
  #old = new Map<string, V>();

  get(key: string): V | undefined {
    const value = this.#young.get(key);
    if (value !== undefined) return value;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  delete(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  set(key: string, value: V): void {
    this.#young.set(key, value);
    if (this.#young.size < remembered) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}

const join = (...parts: (string | undefined)[]): string => parts.join('\0');

const sourceKey = ({ component, host, session, about }: Occurrence): string =>
  join(component, host, session, about.kind, about.namespace, about.name, about.uid, about.apiVersion);

export class EventCorrelator {
  readonly #events = new Recent<CorrelatedEvent>();
  readonly #similar = new Recent<{ readonly messages: Set<string>; last: number }>();
  readonly #budgets = new Recent<{ tokens: number; at: number }>();

  /** The event that this occurrence belongs to, new or counted up; undefined when its source has said enough. */
  observe(occurrence: Occurrence, now: number): CorrelatedEvent | undefined {
    const source = sourceKey(occurrence);
    if (occurrence.action) return this.#observeSeries(occurrence, source, now);

    const { message, type, reason, about } = occurrence;
    const similarKey = join(source, type, reason);
    const combined = this.#isOneOfMany(similarKey, message, now);
    const key = combined ? similarKey : join(similarKey, about.fieldPath, message);
    const text = combined ? `(combined from similar events): ${message}` : message;
    const event = this.#count(key, occurrence, text, now);
    return this.#spend(source, now) ? event : undefined;
  }

  /**
   * Events of events.k8s.io: the same thing again within six minutes, about the same state of the object, continues the
   * series, whatever it says.
   */
  #observeSeries(occurrence: Occurrence, source: string, now: number): CorrelatedEvent {
    const { about, type, reason, action, related, message } = occurrence;
    const key = join(source, 'series', about.resourceVersion, type, reason, action, related?.uid);
    const known = this.#events.get(key);
    if (known && now - known.last > seriesWindow) this.#events.delete(key);
    return this.#count(key, occurrence, message, now);
  }

  #count(key: string, occurrence: Occurrence, message: string, now: number): CorrelatedEvent {
    const known = this.#events.get(key);
    if (known) {
      known.count++;
      known.last = now;
      known.message = message;
      return known;
    }
    const event: CorrelatedEvent = { occurrence, message, first: now, last: now, count: 1 };
    this.#events.set(key, event);
    return event;
  }

  #isOneOfMany(key: string, message: string, now: number): boolean {
    let record = this.#similar.get(key);
    if (!record || now - record.last > similarWindow) this.#similar.set(key, (record = { messages: new Set(), last: now }));
    record.last = now;
    record.messages.add(message);
    if (record.messages.size < similarLimit) return false;
    record.messages.delete(record.messages.values().next().value as string);
    return true;
  }

  #spend(key: string, now: number): boolean {
    let budget = this.#budgets.get(key);
    if (!budget) this.#budgets.set(key, (budget = { tokens: burst, at: now }));
    budget.tokens = Math.min(burst, budget.tokens + (now - budget.at) / refillInterval);
    budget.at = now;
    if (budget.tokens < 1) return false;
    budget.tokens--;
    return true;
  }
}
