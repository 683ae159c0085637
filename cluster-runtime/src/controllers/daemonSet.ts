/** Runs one pod on each node that a DaemonSet is for: placement, rolling update with or without surge, status. */
import { deepEqual } from '#common/base/freeze.ts';
import { keyOf, keyText } from '#common/api/meta.ts';
import { ControllerRevision } from '#common/kinds/controllerRevision.ts';
import { DaemonSet } from '#common/kinds/daemonSet.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import { claim, indexOrphans, watchOrphans } from '../controller/adoption.ts';
import {
  type ControllerDefinition,
  defineController,
  defineWatch,
  done,
  type ReconcileContext,
  requeueAt,
} from '../controller/controller.ts';
import { createPod, deletePod, isNamespaceTerminating, slowStart } from '../controller/podControl.ts';
import { syncRevisions, trimRevisions } from './controllerRevisions.ts';
import { isUpdated, newPod, nodeOf, placementOn, revisionLabel } from './daemonSet/daemonPods.ts';
import { type DaemonView, planDaemonStatus, planPlacement, planRollingUpdate } from './daemonSet/planDaemonSet.ts';

const atOnce = 250;
/** The wait before a failed pod is replaced on its node: doubled with each failure, up to the longest. */
const firstBackoff = 1000;
const longestBackoff = 15 * 60_000;

interface Backoff {
  readonly delay: number;
  readonly until: number;
}

export const daemonSetController = (): ControllerDefinition => {
  const backoffs = new Map<string, Backoff>();
  return defineController<api.DaemonSet>({
    name: 'daemonset-controller',
    writes: [DaemonSet, Pod, ControllerRevision],
    account: 'daemon-set-controller',
    for: DaemonSet,
    owns: [Pod],
    concurrency: 2,
    watches: [
      watchOrphans(DaemonSet, Pod, (set) => set.spec?.selector),
      defineWatch<api.Node>({
        kind: Node,
        keysFor(event, cache) {
          const sets = cache.list(DaemonSet);
          if (event.type !== 'updated') return sets.map(keyOf);
          const { old, object } = event;
          if (old.metadata.labels === object.metadata.labels && old.spec?.taints === object.spec?.taints) return [];
          // A node that only takes no new pods any more calls for nothing; the status follows with the next look.
          const matters = (set: api.DaemonSet): boolean => {
            const [before, after] = [placementOn(set, old), placementOn(set, object)];
            return before.stay !== after.stay || (after.run && !before.run);
          };
          return sets.filter(matters).map(keyOf);
        },
      }),
    ],
    setup(ctx) {
      indexOrphans(ctx.cache, Pod);
      indexOrphans(ctx.cache, ControllerRevision);
    },
    async reconcile(ctx, key) {
      const set = ctx.cache.get(DaemonSet, key);
      if (!set) return done;
      const { selector, template } = set.spec ?? {};
      const pods = await claim(ctx, { kind: DaemonSet, owner: set, childKind: Pod, selector });
      if (set.metadata.deletionTimestamp) return done;
      const revisions = await syncRevisions(ctx, {
        kind: DaemonSet,
        object: set,
        selector,
        template,
        hashLabel: revisionLabel,
        collisionCount: set.status?.collisionCount ?? 0,
      });
      const hash = revisions.update.metadata.labels?.[revisionLabel] ?? '';
      const view: DaemonView = { set, nodes: ctx.cache.list(Node), pods, hash, now: ctx.clock.now() };

      let failure = await place(ctx, view, backoffs);
      const placed: DaemonView = { ...view, pods: ctx.cache.informer(Pod).ownedBy(set.metadata.uid ?? '') };
      if (failure === undefined && set.spec?.updateStrategy?.type === 'RollingUpdate') {
        failure = await apply(ctx, placed, planRollingUpdate(placed));
      }
      const after: DaemonView = { ...view, pods: ctx.cache.informer(Pod).ownedBy(set.metadata.uid ?? '') };
      await trim(ctx, after, revisions.all);
      const { status, nextCheck } = planDaemonStatus(after, revisions.collisionCount || set.status?.collisionCount);
      if (!deepEqual(status, set.status)) await ctx.client.updateStatus(DaemonSet, { ...set, status });
      if (failure !== undefined) throw failure;
      const waits = [...backoffs].filter(([name, { until }]) => name.startsWith(`${keyText(key)}/`) && until > ctx.clock.now());
      const times = [...waits.map(([, { until }]) => until), ...(nextCheck === undefined ? [] : [nextCheck])];
      return requeueAt(times.length > 0 ? Math.min(...times) : undefined);
    },
  });
};

async function place(ctx: ReconcileContext, view: DaemonView, backoffs: Map<string, Backoff>): Promise<unknown> {
  const { set, now } = view;
  const keyOn = (pod: api.Pod): string => `${keyText(keyOf(set))}/${nodeOf(pod)}`;
  const plan = planPlacement(view, (pod) => pod.status?.phase !== 'Failed' || (backoffs.get(keyOn(pod))?.until ?? 0) <= now);
  for (const pod of plan.finished) {
    const { namespace, name } = pod.metadata;
    const where = `daemon pod ${namespace}/${name} on node ${nodeOf(pod)}, will try to`;
    if (pod.status?.phase === 'Failed') {
      const before = backoffs.get(keyOn(pod));
      const fresh = !before || now - before.until > 2 * longestBackoff;
      const delay = fresh ? firstBackoff : Math.min(before.delay * 2, longestBackoff);
      backoffs.set(keyOn(pod), { delay, until: now + delay });
      ctx.events.event(set, 'Warning', 'FailedDaemonPod', `Found failed ${where} kill it`);
    } else ctx.events.event(set, 'Normal', 'SucceededDaemonPod', `Found succeeded ${where} delete it`);
  }
  return apply(ctx, view, plan);
}

/** The first error, if any. */
async function apply(
  ctx: ReconcileContext,
  { set, hash }: DaemonView,
  plan: { create: readonly string[]; delete: readonly api.Pod[] },
): Promise<unknown> {
  const nodes = plan.create.slice(0, atOnce);
  const { error } = await slowStart(nodes.length, 1, async (i) => {
    await createPod(ctx, set, newPod(set, nodes[i] ?? '', hash));
  });
  const results = await Promise.allSettled(plan.delete.slice(0, atOnce).map((pod) => deletePod(ctx, set, pod)));
  if (error !== undefined && !isNamespaceTerminating(error)) return error;
  return results.find((result) => result.status === 'rejected')?.reason as unknown;
}

async function trim(
  ctx: ReconcileContext,
  { set, pods, hash }: DaemonView,
  revisions: readonly api.ControllerRevision[],
): Promise<void> {
  const live = revisions.filter(({ metadata }) => {
    const own = metadata.labels?.[revisionLabel] ?? '';
    return own === hash || pods.some((pod) => isUpdated(pod, own));
  });
  await trimRevisions(
    ctx,
    revisions,
    new Set(live.map(({ metadata }) => metadata.name ?? '')),
    set.spec?.revisionHistoryLimit ?? 10,
  );
}
