import { type HostPort, requirementsOf } from '../podRequirements.ts';
import type { Plugin, Rejection } from '../plugin.ts';

const rejection: Rejection = { reasons: ["node(s) didn't have free ports for the requested pod ports"], unresolvable: false };

/** Two pods cannot have the same port of one host. */
export const nodePorts: Plugin = {
  name: 'NodePorts',
  planFilter(pod) {
    const wanted = requirementsOf(pod).hostPorts;
    if (wanted.length === 0) return undefined;
    return {
      filter({ portUsers }) {
        for (const user of portUsers.values()) if (anyClash(requirementsOf(user).hostPorts, wanted)) return rejection;
        return undefined;
      },
    };
  },
  mayHelp: (pod, change) =>
    (change.type === 'node' && !change.old) ||
    (change.type === 'podGone' && anyClash(requirementsOf(change.pod).hostPorts, requirementsOf(pod).hostPorts)),
};

const anyClash = (used: readonly HostPort[], wanted: readonly HostPort[]): boolean =>
  used.some((a) => wanted.some((b) => clash(a, b)));

const clash = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === '0.0.0.0' || b.ip === '0.0.0.0');
