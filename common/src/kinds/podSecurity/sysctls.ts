/** Only sysctls that are kept apart from other pods and from the node; each version knew some more. */
import type { Check, Rule } from './check.ts';

const first = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_syncookies',
];
const until27 = [...first, 'net.ipv4.ip_local_reserved_ports'];
const until29 = [
  ...until27,
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
];
const until32 = [...until29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];

export const sysctls: Check = {
  id: 'sysctls',
  level: 'baseline',
  rules: [
    { since: 0, rule: keepsTo(first) },
    { since: 27, rule: keepsTo(until27) },
    { since: 29, rule: keepsTo(until29) },
    { since: 32, rule: keepsTo(until32) },
  ],
};

function keepsTo(allowed: readonly string[]): Rule {
  return ({ spec }) => {
    const others = spec.securityContext?.sysctls?.map(({ name }) => name).filter((name) => !allowed.includes(name)) ?? [];
    return others.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: others.join(', ') };
  };
}
