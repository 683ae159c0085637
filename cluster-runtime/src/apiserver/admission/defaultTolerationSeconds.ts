/** A pod stays for five minutes on a node that is not ready or not reachable, unless it says otherwise. */
import type { Pod } from '#common/schema/generated/types.ts';
import type { AdmissionPlugin } from './admission.ts';
import { isPod } from './podRequest.ts';

const seconds = 300;
const taints = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  handles: (request) => isPod(request) && request.operation !== 'DELETE' && !request.subresource,
  mutate({ object }) {
    const { spec } = object as Pod;
    if (!spec) return;
    for (const key of taints) {
      const tolerated = spec.tolerations?.some((t) => (t.key === key || !t.key) && (t.effect === 'NoExecute' || !t.effect));
      if (!tolerated)
        spec.tolerations = [
          ...(spec.tolerations ?? []),
          { key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: seconds },
        ];
    }
  },
};
