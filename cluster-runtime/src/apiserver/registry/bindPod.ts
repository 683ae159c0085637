/**
 * POST to a pod's `/binding`: the one write that puts a pod on a node. As in Kubernetes it neither raises the
 * generation nor shows in managedFields. The node that was meant for the pod is no longer news then.
 */
import { type FieldError, notSupported, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type { KubeObject, ObjectKey } from '#common/api/meta.ts';
import { ApiError, conflict, invalidObject, notFound } from '#common/api/status.ts';
import { formatTime } from '#common/api/time.ts';
import { Pod as podKind } from '#common/kinds/pod.ts';
import type { Binding, Pod, PodCondition } from '#common/schema/generated/types.ts';
import { storageKey, WriteConflict } from '../../store/store.ts';
import type { WriteOptions } from './registry.ts';
import type { SharedDeps } from './resourceDeps.ts';

/** Throws 404, 409 when the pod is bound or terminating, 500 for a bad target. */
export async function bindPod(
  deps: Pick<SharedDeps, 'store' | 'clock' | 'admission'>,
  key: ObjectKey,
  binding: Binding,
  options: WriteOptions,
): Promise<void> {
  const reviewing = deps.admission.reviewSent({
    operation: 'CREATE',
    kind: podKind,
    ...key,
    subresource: 'binding',
    sent: { group: '', version: 'v1', kind: 'Binding' },
    object: Object.assign(binding, { kind: 'Binding', apiVersion: 'v1' }) as KubeObject,
    old: undefined,
    options,
  });
  if (reviewing) await reviewing;
  requireNode(binding, key);
  const storeKey = storageKey('', 'pods', key.namespace, key.name);
  for (;;) {
    const entry = deps.store.get(storeKey);
    if (!entry) throw notFound({ group: '', resource: 'pods' }, key.name);
    const pod = entry.object as Pod;
    requireUnbound(pod, binding, key);
    if (options.dryRun) return;
    try {
      await deps.store.update(storeKey, bound(pod, binding, formatTime(deps.clock.now())), entry.revision);
      return;
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    }
  }
}

function requireNode(binding: Binding, key: ObjectKey): void {
  const errors: FieldError[] = [];
  const path = FieldPath.of('target');
  if (binding.target?.kind && binding.target.kind !== 'Node')
    errors.push(notSupported(path.child('kind'), binding.target.kind, ['Node', '<empty>']));
  if (!binding.target?.name) errors.push(required(path.child('name')));
  if (errors.length === 0) return;
  // Kubernetes answers a bad target as an internal problem, with the validation's text.
  throw new ApiError(500, '', invalidObject('', 'Binding', key.name, errors).message);
}

function requireUnbound(pod: Pod, binding: Binding, key: ObjectKey): void {
  const refuse = (why: string): never => {
    throw conflict({ group: '', resource: 'pods/binding' }, key.name, why);
  };
  const uid = binding.metadata?.uid;
  if (uid && uid !== pod.metadata.uid)
    refuse(`Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid}`);
  if (pod.metadata.deletionTimestamp) refuse(`pod ${key.name} is being deleted, cannot be assigned to a host`);
  if (pod.spec?.nodeName) refuse(`pod ${key.name} is already assigned to node "${pod.spec.nodeName}"`);
  if (pod.spec?.schedulingGates?.length) refuse(`pod ${key.name} has non-empty .spec.schedulingGates`);
}

function bound(pod: Pod, binding: Binding, now: string): Pod {
  const added = binding.metadata?.annotations;
  // The wire has a literal null here, which the structures' types do not know.
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: now,
  } as unknown as PodCondition;
  const { nominatedNodeName: _, ...status } = pod.status ?? {};
  const conditions = (status.conditions ?? []).filter((c) => c.type !== 'PodScheduled');
  return {
    ...pod,
    ...(added ? { metadata: { ...pod.metadata, annotations: { ...pod.metadata.annotations, ...added } } } : {}),
    spec: { ...pod.spec, nodeName: binding.target.name ?? '' } as NonNullable<Pod['spec']>,
    status: { ...status, conditions: [...conditions, scheduled] },
  };
}
