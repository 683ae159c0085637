import { type HostPort, requirementsOf } from '../podRequirements.ts';
import type { Plugin, Rejection } from '../plugin.ts';

const rejection: Rejection = { reasons: ["node(s) didn't have free ports for the requested pod ports"], unresolvable: false };

/** Two pods cannot have the same port of one host. */
export const nodePorts: Plugin = {
  name: 'NodePorts',
  filter(pod, node) {
    const wanted = requirementsOf(pod).hostPorts;
    if (wanted.length === 0) return undefined;
    for (const user of node.portUsers.values()) {
      if (requirementsOf(user).hostPorts.some((used) => wanted.some((port) => clash(used, port)))) return rejection;
    }
    return undefined;
  },
};

const clash = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === '0.0.0.0' || b.ip === '0.0.0.0');
