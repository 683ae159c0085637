/** No Windows container runs as a process of its node. */
import type { Check } from './check.ts';
import { containersWhere } from './containersOf.ts';
import { setters } from './wording.ts';

export const windowsHostProcess: Check = {
  id: 'windowsHostProcess',
  level: 'baseline',
  rules: [
    {
      since: 0,
      rule({ spec }) {
        const pod = spec.securityContext?.windowsOptions?.hostProcess === true;
        const containers = containersWhere(spec, ({ windowsOptions }) => windowsOptions?.hostProcess === true);
        if (!pod && containers.length === 0) return undefined;
        const who = setters(pod, containers);
        return { reason: 'hostProcess', detail: `${who} must not set securityContext.windowsOptions.hostProcess=true` };
      },
    },
  ],
};
