/**
 * Writes Event objects in the background: correlated (eventCorrelator.ts), several at a time and at a bounded rate, so
 * that the events of a thousand pods leave the API to the pods. Repeats that come while an event still waits are
 * written with it. Never throws; what cannot be written is dropped, and the log says so.
 */
import { type Context, spawnTask } from '#common/base/context.ts';
import { sleep } from '#common/base/clock.ts';
import { hasReason } from '#common/api/status.ts';
import { formatMicroTime, formatTime } from '#common/api/time.ts';
import { keyOf, type KubeObject } from '#common/api/meta.ts';
import { Event } from '#common/kinds/event.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Client } from '../client/client.ts';
import { type CorrelatedEvent, EventCorrelator, type Occurrence } from './eventCorrelator.ts';
import type { EventDetails, EventRecorder } from './eventRecorder.ts';

/** How many events are written per second of the cluster's time, and how many at once after a quiet while. */
const eventsPerSecond = 1000;
const burst = 250;
const atATime = 50;
/** Beyond this many waiting events new ones are dropped. */
const waitingLimit = 50_000;

export function recordEvents(ctx: Context, client: Client): EventRecorder {
  const writer = new EventWriter(ctx, client);
  const recorder = (source: Source): EventRecorder => ({
    event(about, type, reason, message, details) {
      writer.observe(about, type, reason, message, source, details ?? {});
    },
    as: (component, host = '', session = '') => recorder({ component, host, session }),
  });
  return recorder({ component: 'kube-playground', host: '', session: '' });
}

type Source = Pick<Occurrence, 'component' | 'host' | 'session'>;

/** What is written: the event, and where it lies once it was. */
interface Writing {
  readonly event: CorrelatedEvent;
  readonly name: string;
  stored: boolean;
  waiting: boolean;
}

class EventWriter {
  readonly #ctx: Context;
  readonly #client: Client;
  readonly #correlator = new EventCorrelator();
  readonly #writings = new WeakMap<CorrelatedEvent, Writing>();
  #waiting: Writing[] = [];
  #running = false;
  #tokens = burst;
  #refilledAt: number;
  #lastName = 0n;
  #dropped = 0;

  constructor(ctx: Context, client: Client) {
    this.#ctx = ctx;
    this.#client = client;
    this.#refilledAt = ctx.clock.now();
  }

  observe(about: KubeObject, type: string, reason: string, message: string, source: Source, details: EventDetails): void {
    const event = this.#correlator.observe(
      {
        about: referenceTo(about, details.fieldPath),
        type,
        reason,
        message,
        ...source,
        action: details.action ?? '',
        ...(details.related ? { related: referenceTo(details.related) } : {}),
      },
      this.#ctx.clock.now(),
    );
    if (!event) return;
    let writing = this.#writings.get(event);
    if (!writing) {
      writing = { event, name: this.#nameFor(about), stored: false, waiting: false };
      this.#writings.set(event, writing);
    }
    if (writing.waiting) return;
    if (this.#waiting.length >= waitingLimit) {
      this.#dropped++;
      return;
    }
    writing.waiting = true;
    this.#waiting.push(writing);
    if (this.#running) return;
    this.#running = true;
    spawnTask(this.#ctx, 'event recorder', () => this.#run());
  }

  async #run(): Promise<void> {
    // What people asked for goes first; events follow in a turn of their own.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0 && !this.#ctx.signal.aborted) {
      const allowed = Math.min(this.#takeTokens(), atATime);
      if (allowed === 0) {
        await sleep(this.#ctx.clock, atATime * (1000 / eventsPerSecond), this.#ctx.signal);
        continue;
      }
      const batch = this.#waiting.slice(0, allowed);
      this.#waiting = this.#waiting.slice(batch.length);
      this.#tokens -= batch.length;
      await Promise.all(batch.map((writing) => this.#write(writing)));
      if (this.#dropped > 0) this.#ctx.log.warn('events dropped', { count: this.#dropped });
      this.#dropped = 0;
    }
    this.#running = false;
  }

  #takeTokens(): number {
    const now = this.#ctx.clock.now();
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#refilledAt) * eventsPerSecond) / 1000);
    this.#refilledAt = now;
    return Math.floor(this.#tokens);
  }

  async #write(writing: Writing): Promise<void> {
    writing.waiting = false;
    const { event, name } = writing;
    const namespace = event.occurrence.about.namespace || 'default';
    try {
      if (writing.stored) {
        try {
          await this.#client.patch(Event, { namespace, name }, 'merge', repeatOf(event));
          return;
        } catch (error) {
          // Deleted or expired since: it is written anew.
          if (!hasReason(error, 'NotFound')) throw error;
        }
      }
      await this.#client.create(Event, toObject(event, namespace, name));
      writing.stored = true;
    } catch (error) {
      // A namespace that is going takes no events: nothing to tell.
      const expected = hasReason(error, 'Forbidden') || hasReason(error, 'NotFound') || this.#ctx.signal.aborted;
      this.#ctx.log[expected ? 'debug' : 'warn']('event not written', { namespace, name, error: String(error) });
    }
  }

  /** `<object>.<nanoseconds in hex>`: each later than the one before, so that names sort by time. */
  #nameFor(about: KubeObject): string {
    const now = BigInt(Math.floor(this.#ctx.clock.now())) * 1_000_000n;
    this.#lastName = now > this.#lastName ? now : this.#lastName + 1n;
    return `${keyOf(about).name}.${this.#lastName.toString(16)}`;
  }
}

function referenceTo(object: KubeObject, fieldPath?: string): api.ObjectReference {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  return {
    ...(object.kind ? { kind: object.kind } : {}),
    ...(namespace ? { namespace } : {}),
    ...(name ? { name } : {}),
    ...(uid ? { uid } : {}),
    ...(object.apiVersion ? { apiVersion: object.apiVersion } : {}),
    ...(resourceVersion ? { resourceVersion } : {}),
    ...(fieldPath ? { fieldPath } : {}),
  };
}

function toObject(event: CorrelatedEvent, namespace: string, name: string): api.Event {
  const { about, type, reason, component, host, action, related } = event.occurrence;
  const common: api.Event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace },
    involvedObject: about,
    reason,
    message: event.message,
    type,
    reportingComponent: component,
  };
  if (!action) {
    return {
      ...common,
      source: { component, ...(host ? { host } : {}) },
      firstTimestamp: formatTime(event.first),
      lastTimestamp: formatTime(event.last),
      count: event.count,
      reportingInstance: host,
    };
  }
  return {
    ...common,
    action,
    eventTime: formatMicroTime(event.first),
    reportingInstance: `${component}-${host || 'kube-playground'}`,
    ...(related ? { related } : {}),
    ...(event.count > 1 ? { series: seriesOf(event) } : {}),
  };
}

const seriesOf = (event: CorrelatedEvent): api.EventSeries => ({
  count: event.count,
  lastObservedTime: formatMicroTime(event.last),
});

const repeatOf = (event: CorrelatedEvent): Partial<api.Event> =>
  event.occurrence.action
    ? { series: seriesOf(event) }
    : { count: event.count, lastTimestamp: formatTime(event.last), message: event.message };
