/** The checks that restricted adds to baseline, and their order; the texts are those of Kubernetes 1.36.3. */
import { expect, test } from 'vitest';
import type { Container, PodSpec, SecurityContext } from '#common/schema/generated/types.ts';
import type { PolicyVersion } from './check.ts';
import { detailsText, policyText, reasonsText, violationsOf } from './evaluate.ts';

const good: SecurityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
/** A container that is fine but for what `securityContext` says. */
const container = (name: string, securityContext: SecurityContext = {}): Container => ({
  name,
  image: 'i',
  securityContext: { ...good, ...securityContext },
});
const bare = (name: string): Container => ({ name, image: 'i' });

function restricted(spec: Partial<PodSpec>, version: PolicyVersion = 'latest'): string {
  const securityContext = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
  const pod = { containers: [container('a')], ...spec, securityContext: { ...securityContext, ...spec.securityContext } };
  return detailsText(violationsOf({ spec: pod }, { level: 'restricted', version }));
}
const unsaid = undefined as unknown as boolean;
const noProfile = { seccompProfile: undefined as unknown as { type: string } };

test.each<[string, Partial<PodSpec>, string]>([
  ['a pod as it should be', {}, ''],
  ['escalation', { containers: [bare('b'), container('a', { allowPrivilegeEscalation: true })].map((c) => ({ ...c, securityContext: { capabilities: { drop: ['ALL'] }, ...c.securityContext } })) }, 'allowPrivilegeEscalation != false (containers "b", "a" must set securityContext.allowPrivilegeEscalation=false)'],
  ['capabilities that are kept', { containers: [container('a', { capabilities: { drop: ['all', 'CAP_ALL'] } })] }, 'unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"])'],
  ['capabilities that are kept and added', { containers: [container('a', { capabilities: {} }), container('b', { capabilities: { add: ['SETUID', 'CHOWN'] } }), container('c', { capabilities: { add: ['AUDIT_WRITE'], drop: ['ALL'] } })] }, 'unrestricted capabilities (containers "a", "b" must set securityContext.capabilities.drop=["ALL"]; containers "b", "c" must not include "AUDIT_WRITE", "CHOWN", "SETUID" in securityContext.capabilities.add)'],
  ['the one capability', { containers: [container('a', { capabilities: { drop: ['NET_RAW', 'ALL'], add: ['NET_BIND_SERVICE'] } })] }, ''],
  ['volumes', { volumes: [{ name: 'v', nfs: { server: 's', path: '/' } }, { name: 'h', hostPath: { path: '/' } }, { name: 'c', configMap: { name: 'x' } }, { name: 'd', awsElasticBlockStore: { volumeID: 'x' } }] }, 'restricted volume types (volumes "v", "h", "d" use restricted volume types "awsElasticBlockStore", "hostPath", "nfs")'],
  ['a volume', { volumes: [{ name: 'v', hostPath: { path: '/' } }] }, 'restricted volume types (volume "v" uses restricted volume type "hostPath")'],
  ['harmless volumes', { volumes: [{ name: 'a', image: {} }, { name: 'b', csi: { driver: 'd' } }, { name: 'c', ephemeral: {} }, { name: 'd', persistentVolumeClaim: { claimName: 'c' } }, { name: 'e', projected: {} }, { name: 'f' }] }, ''],
  ['root nowhere forbidden', { securityContext: { runAsNonRoot: unsaid }, containers: [container('a', { runAsNonRoot: true }), container('b'), container('c')] }, 'runAsNonRoot != true (pod or containers "b", "c" must set securityContext.runAsNonRoot=true)'],
  ['root forbidden by each container', { securityContext: { runAsNonRoot: unsaid }, containers: [container('a', { runAsNonRoot: true })] }, ''],
  ['root allowed by some', { securityContext: { runAsNonRoot: false }, initContainers: [container('i', { runAsNonRoot: false })], containers: [container('a', { runAsNonRoot: true }), container('b')] }, 'runAsNonRoot != true (pod and container "i" must not set securityContext.runAsNonRoot=false)'],
  ['root allowed by a container', { containers: [container('a', { runAsNonRoot: false })] }, 'runAsNonRoot != true (container "a" must not set securityContext.runAsNonRoot=false)'],
  ['user 0', { securityContext: { runAsUser: 0 }, initContainers: [container('i', { runAsUser: 0 })], containers: [container('a', { runAsUser: 1 }), container('b', { runAsUser: 0 })] }, 'runAsUser=0 (pod and containers "i", "b" must not set runAsUser=0)'],
  ['root in a user namespace', { hostUsers: false, securityContext: { runAsUser: 0, runAsNonRoot: false } }, ''],
  ['/proc unmasked in a user namespace', { hostUsers: false, containers: [container('a', { procMount: 'Unmasked' })] }, 'procMount (container "a" must not set securityContext.procMount to "Unmasked")'],
  ['no seccomp profile', { securityContext: noProfile, initContainers: [container('i')], containers: [container('a', { seccompProfile: { type: 'Localhost' } }), container('b')] }, 'seccompProfile (pod or containers "i", "b" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")'],
  ['seccomp turned off', { securityContext: noProfile, containers: [container('a', { seccompProfile: { type: 'Unconfined' } }), container('b')] }, 'seccompProfile (container "a" must not set securityContext.seccompProfile.type to "Unconfined")'],
  ['a pod for Windows', { os: { name: 'windows' }, securityContext: noProfile, containers: [bare('a')] }, ''],
  ['a pod for Windows that may be root', { os: { name: 'windows' }, securityContext: { ...noProfile, runAsNonRoot: unsaid }, containers: [bare('a')] }, 'runAsNonRoot != true (pod or container "a" must set securityContext.runAsNonRoot=true)'],
])('restricted and %s', (_, spec, text) => expect(restricted(spec)).toBe(text)); // prettier-ignore

const nothingSaid: Partial<PodSpec> = { securityContext: { runAsNonRoot: unsaid, ...noProfile }, containers: [bare('a')] };

test.each<[PolicyVersion, string]>([
  [7, 'runAsNonRoot != true'],
  [8, 'allowPrivilegeEscalation != false, runAsNonRoot != true'],
  [18, 'allowPrivilegeEscalation != false, runAsNonRoot != true'],
  [19, 'allowPrivilegeEscalation != false, runAsNonRoot != true, seccompProfile'],
  [22, 'allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile'],
  ['latest', 'allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile'],
])('restricted at %s and a pod that says nothing', (version, reasons) => {
  const spec = { containers: [], ...nothingSaid };
  expect(reasonsText(violationsOf({ spec }, { level: 'restricted', version }))).toBe(reasons);
});

test.each<[string, Partial<PodSpec>, number, string]>([
  ['user 0', { securityContext: { runAsUser: 0 } }, 23, 'forbidden'],
  ['user 0 in a user namespace', { hostUsers: false, securityContext: { runAsUser: 0 } }, 35, 'allowed'],
  ['a container of Windows', { os: { name: 'windows' }, containers: [bare('a')] }, 25, 'allowed'],
])('%s since 1.%i', (_, spec, since, then) => {
  const allowed = (version: PolicyVersion): string => (restricted(spec, version) === '' ? 'allowed' : 'forbidden');
  expect([allowed(since - 1) !== then, allowed(since), allowed('latest')]).toEqual([true, then, then]);
});

/** Everything that can be wrong at once. */
const allWrong: PodSpec = {
  hostNetwork: true,
  securityContext: {
    appArmorProfile: { type: 'Unconfined' },
    seLinuxOptions: { type: 'x' },
    seccompProfile: { type: 'Unconfined' },
    sysctls: [{ name: 'kernel.msgmax', value: '1' }],
    runAsUser: 0,
    windowsOptions: { hostProcess: true },
  },
  volumes: [{ name: 'h', hostPath: { path: '/' } }],
  containers: [
    {
      ...bare('a'),
      ports: [{ containerPort: 80, hostPort: 80 }],
      livenessProbe: { tcpSocket: { port: 1, host: 'h' } },
      securityContext: { privileged: true, procMount: 'Unmasked', capabilities: { add: ['BPF'] } },
    },
  ],
};

test('violations are told by level and check; those of restricted stand in for their like of baseline', () => {
  const reasons = (level: 'baseline' | 'restricted', version: PolicyVersion): string =>
    reasonsText(violationsOf({ spec: allWrong }, { level, version }));
  expect(reasons('baseline', 'latest')).toBe(
    'forbidden AppArmor profile, non-default capabilities, host namespaces, hostPath volumes, hostPort, probe or lifecycle host, ' +
      'privileged, procMount, seLinuxOptions, seccompProfile, forbidden sysctls, hostProcess',
  );
  expect(reasons('restricted', 18)).toBe(
    'forbidden AppArmor profile, non-default capabilities, host namespaces, hostPort, privileged, procMount, seLinuxOptions, ' +
      'forbidden sysctls, hostProcess, allowPrivilegeEscalation != false, restricted volume types, runAsNonRoot != true',
  );
  expect(reasons('restricted', 'latest')).toBe(
    'forbidden AppArmor profile, host namespaces, hostPort, probe or lifecycle host, privileged, seLinuxOptions, forbidden sysctls, ' +
      'hostProcess, allowPrivilegeEscalation != false, unrestricted capabilities, procMount, restricted volume types, ' +
      'runAsNonRoot != true, runAsUser=0, seccompProfile',
  );
});

test('policies are named with their version', () => {
  expect(policyText({ level: 'baseline', version: 30 })).toBe('baseline:v1.30');
  expect(policyText({ level: 'restricted', version: 'latest' })).toBe('restricted:latest');
});
