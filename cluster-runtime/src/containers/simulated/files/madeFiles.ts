/** Files that every container has and that depend on its pod: names, DNS configuration, and a little of /proc. */
import type { SimulatedContainer } from '../process/container.ts';

const clusterDomain = 'cluster.local';
const dnsAddress = '10.96.0.10';

export function madeFiles(container: SimulatedContainer): ReadonlyMap<string, () => string> {
  const { pod } = container.spec;
  const seconds = (): string => ((container.clock.now() - container.startedAt) / 1000).toFixed(2);
  return new Map([
    ['/etc/hostname', () => `${pod.hostname}\n`],
    [
      '/etc/hosts',
      () =>
        [
          '# Kubernetes-managed hosts file.',
          '127.0.0.1\tlocalhost',
          '::1\tlocalhost ip6-localhost ip6-loopback',
          'fe00::\tip6-localnet',
          'fe00::\tip6-mcastprefix',
          'fe00::1\tip6-allnodes',
          'fe00::2\tip6-allrouters',
          `${pod.ip}\t${pod.hostname}`,
          '',
        ].join('\n'),
    ],
    [
      '/etc/resolv.conf',
      () =>
        `search ${pod.namespace}.svc.${clusterDomain} svc.${clusterDomain} ${clusterDomain}\nnameserver ${dnsAddress}\noptions ndots:5\n`,
    ],
    ['/proc/uptime', () => `${seconds()} ${seconds()}\n`],
    ['/proc/loadavg', () => '0.08 0.05 0.01 1/120 42\n'],
    ['/proc/version', () => 'Linux version 6.12.0-playground (kube-playground) #1 SMP PREEMPT_DYNAMIC\n'],
    ['/proc/meminfo', () => 'MemTotal:       16777216 kB\nMemFree:        12058624 kB\nMemAvailable:   14155776 kB\n'],
    ['/proc/cpuinfo', () => Array.from({ length: 8 }, (_, i) => `processor\t: ${i}\nmodel name\t: Simulated CPU\n\n`).join('')],
    ['/proc/1/cmdline', () => (container.process(1)?.argv.join('\0') ?? '') + '\0'],
    ['/proc/self/cgroup', () => '0::/\n'],
  ]);
}
