/** Fields of a pod that are stored and validated and have no effect on simulated containers: the one list, for every kind with pods. */

const simulated = 'containers are simulated';

const ofPod: Readonly<Record<string, string>> = {
  hostPID: `${simulated} and have no processes of a host`,
  hostIPC: `${simulated} and share no memory with a host`,
  hostUsers: `${simulated} and have no user namespaces`,
  shareProcessNamespace: `${simulated} and do not see each other's processes`,
  setHostnameAsFQDN: 'the hostname stays the short name',
  hostAliases: '/etc/hosts is not written',
  dnsConfig: 'names are resolved as with dnsPolicy ClusterFirst',
  runtimeClassName: 'all containers run in the simulated runtime',
  'securityContext.seLinuxOptions': `${simulated} and have no SELinux`,
  'securityContext.seccompProfile': `${simulated} and make no system calls`,
  'securityContext.appArmorProfile': `${simulated} and have no AppArmor`,
  'securityContext.sysctls': `${simulated} and have no kernel of their own`,
};

const ofContainer: Readonly<Record<string, string>> = {
  'securityContext.privileged': `${simulated} and reach nothing of the machine`,
  'securityContext.readOnlyRootFilesystem': 'a simulated file system stays writable',
  'securityContext.seLinuxOptions': `${simulated} and have no SELinux`,
  'securityContext.seccompProfile': `${simulated} and make no system calls`,
  'securityContext.appArmorProfile': `${simulated} and have no AppArmor`,
  'volumeMounts[].mountPropagation': `${simulated} and mount nothing themselves`,
};

/** `spec` is the dotted path of the pod's spec, e.g. `spec.template.spec`. */
export function ineffectivePodFields(spec: string): Readonly<Record<string, string>> {
  const containers = ['containers', 'initContainers'].flatMap((list) =>
    Object.entries(ofContainer).map(([path, reason]) => [`${spec}.${list}[].${path}`, reason]),
  );
  return Object.fromEntries([
    ...Object.entries(ofPod).map(([path, reason]) => [`${spec}.${path}`, reason]),
    ...containers,
  ]) as Record<string, string>;
}
