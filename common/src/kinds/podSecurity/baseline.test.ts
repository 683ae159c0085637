/** The checks of the baseline level; the texts are those of Kubernetes 1.36.3. */
import { expect, test } from 'vitest';
import type { Container, PodSpec } from '#common/schema/generated/types.ts';
import type { PolicyVersion } from './check.ts';
import { detailsText, violationsOf } from './evaluate.ts';

const container = (name: string, more: Partial<Container> = {}): Container => ({ name, image: 'i', ...more });
const secured = (name: string, securityContext: Container['securityContext'] = {}): Container =>
  container(name, { securityContext });
const ports = (...numbers: number[]): NonNullable<Container['ports']> =>
  numbers.map((hostPort) => ({ containerPort: 1, hostPort }));
const baseline = (spec: Partial<PodSpec>, version: PolicyVersion = 'latest', annotations: Record<string, string> = {}): string =>
  detailsText(
    violationsOf({ metadata: { annotations }, spec: { containers: [container('a')], ...spec } }, { level: 'baseline', version }),
  );

test.each<[string, Partial<PodSpec>, string]>([
  ['a plain pod', {}, ''],
  ['a namespace of the node', { hostPID: true }, 'host namespaces (hostPID=true)'],
  ['all namespaces of the node', { hostIPC: true, hostNetwork: true, hostPID: true }, 'host namespaces (hostNetwork=true, hostPID=true, hostIPC=true)'],
  ['no port of the node', { containers: [container('a', { ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 0 }] })] }, ''],
  ['a port of the node', { containers: [container('a', { ports: ports(8080) })] }, 'hostPort (container "a" uses hostPort 8080)'],
  ['ports of the node, in the order of their digits', { initContainers: [container('i', { ports: ports(900) })], containers: [container('b', { ports: ports(9080, 80) }), container('a'), container('c', { ports: ports(80, 1000) })] }, 'hostPort (containers "i", "b", "c" use hostPorts 1000, 80, 900, 9080)'],
  ['files of the node', { volumes: [{ name: 'v', hostPath: { path: '/' } }, { name: 'w', emptyDir: {} }, { name: 'u', hostPath: { path: '/x' } }] }, 'hostPath volumes (volumes "v", "u")'],
  ['files of a server', { volumes: [{ name: 'v', nfs: { server: 's', path: '/' } }] }, ''],
  ['a probe of another host', { containers: [container('a', { livenessProbe: { httpGet: { port: 80, host: 'h' } } })] }, 'probe or lifecycle host (container "a" uses probe or lifecycle host "h")'],
  ['a probe of the pod', { containers: [container('a', { livenessProbe: { httpGet: { port: 80, host: '' } }, startupProbe: { tcpSocket: { port: 80 } } })] }, ''],
  ['hooks and probes of other hosts', { initContainers: [container('s', { startupProbe: { tcpSocket: { port: 1, host: 'z' } } })], containers: [container('b', { readinessProbe: { tcpSocket: { port: 1, host: 'm' } }, lifecycle: { postStart: { httpGet: { port: 1, host: 'b' } }, preStop: { tcpSocket: { port: 1, host: 'z' } } } })] }, 'probe or lifecycle host (containers "b", "s" use probe or lifecycle hosts "b", "m", "z")'],
  ['privileged containers', { initContainers: [secured('i', { privileged: true })], containers: [secured('b', { privileged: true }), secured('c', { privileged: false })] }, 'privileged (containers "i", "b" must not set securityContext.privileged=true)'],
  ['a privileged ephemeral container', { ephemeralContainers: [{ name: 'e', securityContext: { privileged: true } }] }, 'privileged (container "e" must not set securityContext.privileged=true)'],
  ['capabilities that runtimes give', { containers: [secured('a', { capabilities: { add: ['CHOWN', 'NET_BIND_SERVICE'] } })] }, ''],
  ['capabilities beyond those', { containers: [secured('b', { capabilities: { add: ['ZED', 'CHOWN', 'BPF'] } }), secured('a', { capabilities: { add: ['chown', 'BPF'] } })] }, 'non-default capabilities (containers "b", "a" must not include "BPF", "ZED", "chown" in securityContext.capabilities.add)'],
  ['an SELinux type for containers', { securityContext: { seLinuxOptions: { type: 'container_kvm_t', level: 's0' } } }, ''],
  ['SELinux types', { securityContext: { seLinuxOptions: { type: 'p' } }, containers: [secured('a', { seLinuxOptions: { type: 'x' } }), secured('b', { seLinuxOptions: { type: 'x', user: 'q', role: 'r' } })] }, 'seLinuxOptions (pod and containers "a", "b" set forbidden securityContext.seLinuxOptions: types "p", "x"; user may not be set; role may not be set)'],
  ['an SELinux user only', { containers: [secured('a', { seLinuxOptions: { user: 'u' } })] }, 'seLinuxOptions (container "a" set forbidden securityContext.seLinuxOptions: user may not be set)'],
  ['seccomp profiles', { securityContext: { seccompProfile: { type: 'RuntimeDefault' } }, containers: [secured('a', { seccompProfile: { type: 'Localhost' } })] }, ''],
  ['seccomp turned off', { securityContext: { seccompProfile: { type: 'Unconfined' } }, containers: [secured('a', { seccompProfile: { type: 'Unconfined' } }), container('b')] }, 'seccompProfile (pod and container "a" must not set securityContext.seccompProfile.type to "Unconfined")'],
  ['sysctls', { securityContext: { sysctls: ['kernel.msgmax', 'net.ipv4.tcp_rmem', 'a.b'].map((name) => ({ name, value: '1' })) } }, 'forbidden sysctls (kernel.msgmax, a.b)'],
  ['AppArmor turned off', { securityContext: { appArmorProfile: { type: 'Unconfined' } }, containers: [secured('b', { appArmorProfile: { type: 'Unconfined' } }), secured('c', { appArmorProfile: { type: 'Localhost' } })] }, 'forbidden AppArmor profile (pod and container "b" must not set AppArmor profile type to "Unconfined")'],
  ['processes of a Windows node', { securityContext: { windowsOptions: { hostProcess: true } }, containers: [secured('a', { windowsOptions: { hostProcess: true } }), secured('b', { windowsOptions: { hostProcess: false } })] }, 'hostProcess (pod and container "a" must not set securityContext.windowsOptions.hostProcess=true)'],
  ['/proc unmasked', { containers: [secured('b', { procMount: 'Unmasked' }), secured('a', { procMount: 'Default' })] }, 'procMount (container "b" must not set securityContext.procMount to "Unmasked")'],
  ['/proc unmasked in a user namespace', { hostUsers: false, containers: [secured('b', { procMount: 'Unmasked' })] }, ''],
  ['what only restricted forbids', { securityContext: { runAsUser: 0, runAsNonRoot: false }, containers: [secured('a', { allowPrivilegeEscalation: true })] }, ''],
])('baseline and %s', (_, spec, text) => expect(baseline(spec)).toBe(text)); // prettier-ignore

const appArmor = 'container.apparmor.security.beta.kubernetes.io/';
const seccomp = 'seccomp.security.alpha.kubernetes.io/pod';
const containerSeccomp = 'container.seccomp.security.alpha.kubernetes.io/';

test.each<[string, PolicyVersion, Record<string, string>, string]>([
  ['AppArmor on', 'latest', { [`${appArmor}a`]: 'runtime/default', [`${appArmor}b`]: 'localhost/x', [`${appArmor}c`]: '' }, ''],
  ['AppArmor off', 'latest', { [`${appArmor}a`]: 'unconfined' }, `forbidden AppArmor profile (annotation must not set AppArmor profile type to "${appArmor}a="unconfined"")`],
  ['seccomp off', 18, { [seccomp]: 'unconfined' }, `seccompProfile (forbidden annotation ${seccomp}="unconfined")`],
  ['seccomp off, of containers there are', 18, { [seccomp]: 'unconfined', [`${containerSeccomp}z`]: 'unconfined', [`${containerSeccomp}a`]: 'unconfined' }, `seccompProfile (forbidden annotations ${containerSeccomp}a="unconfined", ${seccomp}="unconfined")`],
  ['seccomp on', 18, { [seccomp]: 'docker/default', [`${containerSeccomp}a`]: 'localhost/x' }, ''],
  ['seccomp off, to versions with fields', 19, { [seccomp]: 'unconfined' }, ''],
])('baseline and annotations for %s (%s)', (_, version, annotations, text) => expect(baseline({}, version, annotations)).toBe(text)); // prettier-ignore

test('who sets AppArmor profiles, by field and by annotation', () => {
  const off = { securityContext: { appArmorProfile: { type: 'Unconfined' } } };
  const text = baseline({ ...off, containers: [{ ...container('a'), ...off }] }, 'latest', {
    [`${appArmor}b`]: 'unconfined',
    [`${appArmor}a`]: 'unconfined',
  });
  expect(text).toBe(
    `forbidden AppArmor profiles (pod and container "a" and annotations must not set AppArmor profile type to "Unconfined", "${appArmor}a="unconfined"", "${appArmor}b="unconfined"")`,
  );
});

const sysctl = (name: string): Partial<PodSpec> => ({ securityContext: { sysctls: [{ name, value: '1' }] } });

test.each<[string, Partial<PodSpec>, number, string]>([
  ['the SELinux type container_engine_t', { securityContext: { seLinuxOptions: { type: 'container_engine_t' } } }, 31, 'allowed'],
  ['net.ipv4.ip_local_reserved_ports', sysctl('net.ipv4.ip_local_reserved_ports'), 27, 'allowed'],
  ['net.ipv4.tcp_keepalive_time', sysctl('net.ipv4.tcp_keepalive_time'), 29, 'allowed'],
  ['net.ipv4.tcp_wmem', sysctl('net.ipv4.tcp_wmem'), 32, 'allowed'],
  ['/proc unmasked in a user namespace', { hostUsers: false, containers: [secured('a', { procMount: 'Unmasked' })] }, 35, 'allowed'],
  ['seccomp turned off by field', { securityContext: { seccompProfile: { type: 'Unconfined' } } }, 19, 'forbidden'],
  ['a probe of another host', { containers: [container('a', { livenessProbe: { tcpSocket: { port: 1, host: 'h' } } })] }, 34, 'forbidden'],
])('%s since 1.%i', (_, spec, since, then) => {
  const allowed = (version: PolicyVersion): string => (baseline(spec, version) === '' ? 'allowed' : 'forbidden');
  expect(allowed(since)).toBe(then);
  expect(allowed(since - 1)).not.toBe(then);
  expect([allowed(0), allowed('latest'), allowed(999)]).toEqual([allowed(since - 1), then, then]);
}); // prettier-ignore

test('privileged lets everything in', () => {
  const spec = { containers: [secured('a', { privileged: true })], hostNetwork: true };
  expect(violationsOf({ spec }, { level: 'privileged', version: 'latest' })).toEqual([]);
});
