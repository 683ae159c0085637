/** A node that joins takes no pods until its kubelet has said that it is ready. */
import type { Node } from '#common/schema/generated/types.ts';
import type { AdmissionPlugin } from './admission.ts';

const key = 'node.kubernetes.io/not-ready';

export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  handles: ({ operation, kind }) => operation === 'CREATE' && kind.kind === 'Node' && kind.group === '',
  mutate({ object }) {
    const node = object as Node;
    if (node.spec?.taints?.some((taint) => taint.key === key && taint.effect === 'NoSchedule')) return;
    node.spec = { ...node.spec, taints: [...(node.spec?.taints ?? []), { key, effect: 'NoSchedule' }] };
  },
};
