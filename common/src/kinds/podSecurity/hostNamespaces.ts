/** A pod stays in namespaces of its own. */
import type { Check } from './check.ts';

const fields = ['hostNetwork', 'hostPID', 'hostIPC'] as const;

export const hostNamespaces: Check = {
  id: 'hostNamespaces',
  level: 'baseline',
  rules: [
    {
      since: 0,
      rule({ spec }) {
        const shared = fields.filter((field) => spec[field]).map((field) => `${field}=true`);
        return shared.length === 0 ? undefined : { reason: 'host namespaces', detail: shared.join(', ') };
      },
    },
  ],
};
