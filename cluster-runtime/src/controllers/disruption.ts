/** Keeps the status of PodDisruptionBudgets, by which evictions are allowed or refused. */
import { deepEqual } from '#common/base/freeze.ts';
import { controllerOf, keyOf, type KubeObject, type OwnerReference } from '#common/api/meta.ts';
import { parseApiVersion } from '#common/api/groupVersion.ts';
import { selectorFromLabelSelector } from '#common/api/labelSelector.ts';
import { Pod } from '#common/kinds/pod.ts';
import { PodDisruptionBudget } from '#common/kinds/podDisruptionBudget.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../client/client.ts';
import { defineController, defineWatch, done, type ReconcileContext, requeueAt } from '../controller/controller.ts';
import { isReady } from '../controller/podState.ts';
import { type Expected, planDisruption, planExpected, planFailed, selectorAsGo } from './disruption/planDisruption.ts';

export const disruptionController = defineController<api.PodDisruptionBudget>({
  name: 'disruption-controller',
  writes: [PodDisruptionBudget],
  eventSource: 'controllermanager',
  for: PodDisruptionBudget,
  watches: [
    defineWatch<api.Pod>({
      kind: Pod,
      keysFor(event, cache) {
        const { object } = event;
        if (event.type === 'updated' && sameForBudgets(event.old, object)) return [];
        const labels = [object.metadata.labels, ...(event.type === 'updated' ? [event.old.metadata.labels] : [])];
        return cache
          .list(PodDisruptionBudget, object.metadata.namespace ?? '')
          .filter(({ spec }) => labels.some((one) => selectorFromLabelSelector(spec?.selector).matches(one)))
          .map(keyOf);
      },
    }),
  ],
  async reconcile(ctx, key) {
    const budget = ctx.cache.get(PodDisruptionBudget, key);
    if (!budget) return done;
    const pods = ctx.cache.informer(Pod).select(key.namespace, budget.spec?.selector);
    if (pods.length === 0) ctx.events.event(budget, 'Normal', 'NoPods', 'No matching pods found');
    const { scale, unmanaged, problem } = scaleOf(ctx.cache, pods);
    let asked = false;
    const expected: Expected = planExpected(budget, pods.length, () => {
      asked = true;
      return scale;
    });
    const now = ctx.clock.now();
    if (asked && problem !== undefined) {
      const message = `Failed to calculate the number of expected pods: ${problem}`;
      ctx.events.event(budget, 'Warning', 'CalculateExpectedPodCountFailed', message);
      await writeStatus(ctx, budget, planFailed(budget, problem, now));
      return done;
    }
    if (asked && unmanaged > 0) ctx.events.event(budget, 'Warning', 'UnmanagedPods', unmanagedText(budget));
    const { status, nextCheck, stayed } = planDisruption(budget, pods, expected, now);
    for (const pod of stayed) {
      ctx.events.event(
        pod,
        'Warning',
        'NotDeleted',
        `Pod was expected by PDB ${key.namespace}/${key.name} to be deleted but it wasn't`,
      );
    }
    await writeStatus(ctx, budget, status);
    return requeueAt(nextCheck);
  },
});

const sameForBudgets = (a: api.Pod, b: api.Pod): boolean =>
  isReady(a) === isReady(b) &&
  a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
  a.metadata.labels === b.metadata.labels;

async function writeStatus(
  ctx: ReconcileContext,
  budget: api.PodDisruptionBudget,
  status: api.PodDisruptionBudgetStatus,
): Promise<void> {
  if (!deepEqual(status, budget.status)) await ctx.client.updateStatus(PodDisruptionBudget, { ...budget, status });
}

/** What the pods' controllers ask for together. Pods without a controller are not counted. */
function scaleOf(cache: Cache, pods: readonly api.Pod[]): { scale: number; unmanaged: number; problem?: string } {
  const counted = new Map<string, number>();
  let unmanaged = 0;
  for (const pod of pods) {
    const owner = controllerOf(pod);
    if (!owner) {
      unmanaged++;
      continue;
    }
    if (counted.has(owner.uid)) continue;
    const found = controllerWithScale(cache, pod.metadata.namespace ?? '', owner);
    if (typeof found === 'string') return { scale: 0, unmanaged, problem: found };
    if (!found) return { scale: 0, unmanaged, problem: `found no controllers for pod "${pod.metadata.name}"` };
    counted.set(owner.uid, 0);
    counted.set(found.uid, found.replicas);
  }
  return { scale: [...counted.values()].reduce((sum, replicas) => sum + replicas, 0), unmanaged };
}

/** The scale of a pod's controller, or of what controls that (a ReplicaSet's Deployment). A text when it has none. */
function controllerWithScale(
  cache: Cache,
  namespace: string,
  owner: OwnerReference,
): { uid: string; replicas: number } | string | undefined {
  const { group } = parseApiVersion(owner.apiVersion);
  const kind = cache.kinds().find((one) => one.kind === owner.kind && one.group === group);
  const object: KubeObject | undefined = kind && cache.get(kind, { namespace, name: owner.name });
  if (!kind || object?.metadata.uid !== owner.uid) return undefined;
  const above = owner.kind === 'ReplicaSet' ? controllerOf(object) : undefined;
  if (above) return controllerWithScale(cache, namespace, above);
  const { scale } = kind.subresources;
  if (!scale) return `${kind.plural}${kind.group ? `.${kind.group}` : ''} does not implement the scale subresource`;
  return { uid: owner.uid, replicas: scale.specReplicas(object) ?? 0 };
}

const unmanagedText = ({ spec }: api.PodDisruptionBudget): string =>
  `Pods selected by this PodDisruptionBudget (selector: ${selectorAsGo(spec?.selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;
