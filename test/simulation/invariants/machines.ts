/** Every Node has its machine, which runs and has told so; on a machine without power nothing runs and nobody writes. */
import { DisposableStore } from '#common/base/disposable.ts';
import { CSINode } from '#common/kinds/csiNode.ts';
import { Machine } from '#common/kinds/machine.ts';
import { Node } from '#common/kinds/node.ts';
import { kubeletOf } from '../simulatedCluster.ts';
import type { Invariant } from './invariant.ts';
import { newsMs } from './rollouts.ts';

export const machines: Invariant = {
  name: 'machines do what they are told',
  watch({ cache, clock, runtime, onWrite }, report) {
    /** Since when a machine has said that it is off. */
    const off = new Map<string, number>();
    const subscriptions = new DisposableStore();
    subscriptions.add(
      cache.informer(Machine).onChange(({ type, object }) => {
        const { name = '' } = object.metadata;
        if (type === 'deleted' || object.status?.phase !== 'Off') {
          off.delete(kubeletOf(name));
          return;
        }
        if (!off.has(kubeletOf(name))) off.set(kubeletOf(name), clock.now());
        const left = runtime.running().filter(({ pod }) => pod.node === name);
        // Once it is to run again, it may do so before that is told.
        if (left.length > 0 && object.spec?.power === 'Off') report(`${name} is off and runs ${left[0]?.pod.name}`);
      }),
    );
    subscriptions.add(
      onWrite(({ component, what }) => {
        const since = off.get(component);
        if (since === undefined || clock.now() - since < newsMs || what.startsWith('update status of Machine')) return;
        const { power } = cache.list(Machine).find(({ metadata }) => kubeletOf(metadata.name ?? '') === component)?.spec ?? {};
        if (power === 'Off') report(`the ${component} is off and writes: ${what}`);
      }),
    );
    return subscriptions;
  },
  *atRest({ cache }) {
    for (const { metadata, status } of cache.list(Node)) {
      const { name = '', uid } = metadata;
      const machine = cache.get(Machine, { namespace: '', name });
      if (!machine?.metadata.ownerReferences?.some((owner) => owner.uid === uid)) {
        yield `${name} has no machine`;
        continue;
      }
      const { phase, bootID } = machine.status ?? {};
      if (phase !== 'Running') yield `the machine of ${name} says ${phase}`;
      if (bootID !== status?.nodeInfo?.bootID) yield `${name} tells of another boot than its machine`;
      if (!status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True')) yield `${name} is not ready`;
      const driver = cache.get(CSINode, { namespace: '', name });
      if (!driver?.metadata.ownerReferences?.some((owner) => owner.uid === uid)) yield `${name} tells of no CSI drivers`;
    }
    for (const { metadata } of cache.list(Machine))
      if (!cache.get(Node, { namespace: '', name: metadata.name ?? '' })) yield `the machine ${metadata.name} has no Node`;
  },
};
