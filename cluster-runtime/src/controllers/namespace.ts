/**
 * Empties a namespace that is being deleted and lets it go: pods first, then everything else of every namespaced kind,
 * then the `kubernetes` finalizer. What holds it up is told in five conditions.
 *
 * Differs from Kubernetes: it starts at once, and looks again as soon as something of the namespace has gone.
 */
import { deepEqual } from '#common/base/freeze.ts';
import { groupResourceText } from '#common/api/groupVersion.ts';
import { keyOf, type KubeObject } from '#common/api/meta.ts';
import { ApiError, hasReason } from '#common/api/status.ts';
import { parseTime } from '#common/api/time.ts';
import { APIService } from '#common/kinds/apiService.ts';
import { PodMetrics } from '#common/kinds/metrics/podMetrics.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { Pod } from '#common/kinds/pod.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, defineWatch, done, type ReconcileContext, requeueAt } from '../controller/controller.ts';
import { isFinished } from '../controller/podState.ts';
import { planNamespaceConditions, type Remaining, unavailableText } from './namespaceConditions.ts';

const namespaceFinalizer = 'kubernetes';
/** How long to wait, in seconds, for finalizers that belong to others. */
const finalizerPatience = 15;
const atATime = 100;

export const namespaceController = defineController<api.Namespace>({
  name: 'namespace-controller',
  writes: 'any',
  for: Namespace,
  concurrency: 10,
  watches: [
    // What an unavailable API may hold keeps every namespace from going.
    defineWatch<api.APIService>({
      kind: APIService,
      keysFor: (_event, cache) => cache.list(Namespace).filter(isEnding).map(keyOf),
    }),
  ],
  keysForAny(event, kind, cache) {
    const { namespace } = event.object.metadata;
    if (event.type !== 'deleted' || !namespace || !kind.namespaced) return [];
    const key = { namespace: '', name: namespace };
    return cache.get(Namespace, key)?.metadata.deletionTimestamp ? [key] : [];
  },
  async reconcile(ctx, key) {
    const namespace = ctx.cache.get(Namespace, key);
    if (!namespace || !isEnding(namespace)) return done;

    const unavailable = ctx.cache.list(APIService).filter(isUnavailable).map(groupVersionOf);
    const errors: string[] = [];
    const kinds = deletableKinds(ctx);
    await deleteAll(ctx, key.name, [Pod], errors);
    const pods = remainingOf(ctx, key.name, [Pod]);
    let remaining: Remaining[] = [];
    let late: string | undefined;
    if (pods.length === 0) {
      await deleteAll(ctx, key.name, kinds, errors);
      remaining = remainingOf(ctx, key.name, kinds);
    } else if (areOverdue(namespace, ctx.cache.list(Pod, key.name), ctx.clock.now())) {
      late = `unexpected items still remain in namespace: ${key.name} for gvr: /v1, Resource=pods`;
      errors.push(late);
    }
    const failures = { unavailable, deletion: errors };
    await writeConditions(ctx, namespace, planNamespaceConditions(namespace, remaining, failures, ctx.clock.now()));
    if (unavailable.length > 0) errors.push(unavailableText(unavailable));
    // Pods that take longer than they were given are looked at again, and no fault of this controller.
    if (late && errors.length === 1) throw new ApiError(409, 'Conflict', late);
    if (errors.length > 0) throw new Error(errors.join('; '));
    if (pods.length + remaining.length === 0) {
      await finalize(ctx, namespace);
      return done;
    }
    return requeueAt(ctx.clock.now() + patience([...pods, ...remaining]) * 1000);
  },
});

const isEnding = ({ metadata, spec }: api.Namespace): boolean =>
  metadata.deletionTimestamp !== undefined && (spec?.finalizers?.includes(namespaceFinalizer) ?? false);

const groupVersionOf = ({ spec }: api.APIService): string => `${spec?.group}/${spec?.version}`;

/** An API of another server that is not known to answer; that of metrics is served here, whatever Service it names. */
const isUnavailable = ({ spec, status }: api.APIService): boolean =>
  spec?.service !== undefined &&
  spec.group !== PodMetrics.group &&
  !status?.conditions?.some((condition) => condition.type === 'Available' && condition.status === 'True');

/** Whether pods are still there that had all the time they asked for, and nobody's finalizer says why. */
export function areOverdue({ metadata }: api.Namespace, pods: readonly api.Pod[], now: number): boolean {
  if (pods.some((pod) => pod.metadata.finalizers?.length)) return false;
  const graces = pods.map((pod) => (isFinished(pod) ? 0 : (pod.spec?.terminationGracePeriodSeconds ?? 0)));
  return now > (parseTime(metadata.deletionTimestamp) ?? now) + Math.max(0, ...graces) * 1000;
}

const deletableKinds = (ctx: ReconcileContext): KindDefinition[] =>
  ctx.cache.kinds().filter((kind) => kind.namespaced && !kind.virtual && kind.verbs.includes('delete'));

async function deleteAll(
  ctx: ReconcileContext,
  namespace: string,
  kinds: readonly KindDefinition[],
  errors: string[],
): Promise<void> {
  for (const kind of kinds) {
    const failed: string[] = [];
    const objects = ctx.cache.list(kind, namespace).filter((object) => !object.metadata.deletionTimestamp);
    for (let begin = 0; begin < objects.length; begin += atATime) {
      await Promise.all(objects.slice(begin, begin + atATime).map((object) => deleteOne(ctx, kind, object, failed)));
    }
    // One reason for each resource, however many of its objects have it.
    errors.push(...failed.slice(0, 1));
  }
}

async function deleteOne(ctx: ReconcileContext, kind: KindDefinition, object: KubeObject, errors: string[]): Promise<void> {
  try {
    await ctx.client.delete(kind, keyOf(object), { propagationPolicy: 'Background' });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) errors.push(String((error as Error).message));
  }
}

function remainingOf(ctx: ReconcileContext, namespace: string, kinds: readonly KindDefinition[]): Remaining[] {
  return kinds.flatMap((kind) => {
    const objects = ctx.cache.list(kind, namespace);
    // As Kubernetes words it: a core resource ends with its group's empty name.
    const resource = kind.group ? groupResourceText({ group: kind.group, resource: kind.plural }) : `${kind.plural}.`;
    return objects.length > 0 ? [{ resource, objects }] : [];
  });
}

/** Seconds until a look at what remains is worth it, should nothing be heard before: half of what it may take. */
function patience(remaining: readonly Remaining[]): number {
  const grace = ({ metadata }: KubeObject): number =>
    metadata.finalizers?.length ? finalizerPatience : (metadata.deletionGracePeriodSeconds ?? 0);
  return Math.floor(Math.max(0, ...remaining.flatMap(({ objects }) => objects.map(grace))) / 2) + 1;
}

async function writeConditions(
  ctx: ReconcileContext,
  namespace: api.Namespace,
  conditions: api.NamespaceCondition[],
): Promise<void> {
  if (deepEqual(conditions, namespace.status?.conditions)) return;
  await ctx.client.updateStatus(Namespace, { ...namespace, status: { ...namespace.status, conditions } });
}

async function finalize(ctx: ReconcileContext, { metadata, spec }: api.Namespace): Promise<void> {
  const finalizers = spec?.finalizers?.filter((finalizer) => finalizer !== namespaceFinalizer) ?? [];
  try {
    await ctx.client.patch(
      Namespace,
      { namespace: '', name: metadata.name ?? '' },
      'merge',
      { metadata: { uid: metadata.uid }, spec: { finalizers } },
      { subresource: 'finalize' },
    );
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
}
