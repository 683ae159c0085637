/**
 * Lets a component run only while it holds its lease in kube-system, as components of which there may be several do. Who
 * writes another holder into the lease stops the component until that claim runs out. The identity is the cluster's
 * own, so a process that comes after one that was killed goes on at once.
 */
import type { Context } from '#common/base/context.ts';
import type { Disposable } from '#common/base/disposable.ts';
import { hasReason } from '#common/api/status.ts';
import { formatMicroTime, parseTime } from '#common/api/time.ts';
import { Lease } from '#common/kinds/lease.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache, Client } from '../client/client.ts';
import type { EventRecorder } from './eventRecorder.ts';

const namespace = 'kube-system';
const durationSeconds = 15;
/**
 * Differs from Kubernetes: a lease is renewed every ten seconds, as nodes renew theirs, not every two, since nobody else
 * waits for it.
 */
const renewMs = 10_000;

export interface LeaderElectionOptions {
  /** The component, and its lease's name. */
  readonly name: string;
  readonly identity: string;
  readonly client: Client;
  readonly cache: Cache;
  readonly events: EventRecorder;
}

/** Calls `lead` each time the lease is won; its signal ends with the lease. Resolves after the context's signal. */
export async function runElected(
  ctx: Context,
  options: LeaderElectionOptions,
  lead: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { name, identity, cache, events } = options;
  const key = { namespace, name };
  while (!ctx.signal.aborted) {
    const wait = await tryAcquire(ctx, options);
    if (wait > 0) {
      await untilChange(ctx, options, wait);
      continue;
    }
    const lease = cache.get(Lease, key);
    if (lease) events.event(lease, 'Normal', 'LeaderElection', `${identity} became leader`);
    const term = new AbortController();
    const leading = lead(term.signal);
    await held(ctx, options);
    if (!ctx.signal.aborted) {
      ctx.log.warn(`${name} lost its lease`, { holder: cache.get(Lease, key)?.spec?.holderIdentity ?? '' });
      if (lease) events.event(lease, 'Normal', 'LeaderElection', `${identity} stopped leading`);
    }
    term.abort();
    await leading;
  }
}

/** Takes or renews the lease. 0 when it is held now, else how many milliseconds to wait. */
async function tryAcquire(ctx: Context, { name, identity, client, cache }: LeaderElectionOptions): Promise<number> {
  const now = ctx.clock.now();
  const lease = cache.get(Lease, { namespace, name });
  const plan = planLease(lease, identity, now);
  if (typeof plan === 'number') return plan;
  try {
    if (lease) await client.update(Lease, { ...lease, spec: plan });
    else
      await client.create(Lease, {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name, namespace },
        spec: plan,
      });
    return 0;
  } catch (error) {
    if (ctx.signal.aborted) return 0;
    const lost = hasReason(error, 'Conflict') || hasReason(error, 'AlreadyExists') || hasReason(error, 'NotFound');
    if (!lost) ctx.log.warn(`the lease of ${name} was not written`, { error: String(error) });
    return lost ? 1 : 1000;
  }
}

/** What the lease is to say once `identity` holds it, or how many milliseconds another's claim still holds. */
export function planLease(lease: api.Lease | undefined, identity: string, now: number): api.LeaseSpec | number {
  const spec = lease?.spec;
  const isOwn = spec?.holderIdentity === identity;
  if (spec?.holderIdentity && !isOwn) {
    const end = (parseTime(spec.renewTime) ?? 0) + (spec.leaseDurationSeconds ?? 0) * 1000;
    if (end > now) return end - now;
  }
  const renewTime = formatMicroTime(now);
  return {
    ...spec,
    holderIdentity: identity,
    leaseDurationSeconds: durationSeconds,
    acquireTime: (isOwn ? spec.acquireTime : undefined) ?? renewTime,
    renewTime,
    leaseTransitions: (spec?.leaseTransitions ?? 0) + (spec === undefined || isOwn ? 0 : 1),
  };
}

/** Renews the lease until somebody else holds it, or the end. */
async function held(ctx: Context, options: LeaderElectionOptions): Promise<void> {
  for (let due = ctx.clock.now() + renewMs; !ctx.signal.aborted;) {
    await untilChange(ctx, options, due - ctx.clock.now());
    const holder = options.cache.get(Lease, { namespace, name: options.name })?.spec?.holderIdentity;
    if (holder && holder !== options.identity) return;
    if (ctx.signal.aborted || ctx.clock.now() < due) continue;
    const wait = await tryAcquire(ctx, options);
    due = ctx.clock.now() + (wait || renewMs);
  }
}

/** Resolves after `ms`, when the lease has another holder or none, or at the end. */
function untilChange(ctx: Context, { cache, name, identity }: LeaderElectionOptions, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const subscriptions: Disposable[] = [];
    const finish = (): void => {
      for (const subscription of subscriptions) subscription.dispose();
      ctx.signal.removeEventListener('abort', finish);
      resolve();
    };
    ctx.signal.addEventListener('abort', finish, { once: true });
    subscriptions.push(
      ctx.clock.setTimeout(finish, ms),
      cache.informer(Lease).onChange(({ type, object }) => {
        if (object.metadata.name !== name || object.metadata.namespace !== namespace) return;
        if (type === 'deleted' || object.spec?.holderIdentity !== identity) finish();
      }),
    );
    if (ctx.signal.aborted) finish();
  });
}
