/** The only list of the checks, in the order in which their violations are told. */
import { appArmorProfile } from './appArmor.ts';
import { capabilitiesBaseline, capabilitiesRestricted } from './capabilities.ts';
import type { Check } from './check.ts';
import { hostNamespaces } from './hostNamespaces.ts';
import { hostPorts } from './hostPorts.ts';
import { allowPrivilegeEscalation, privileged } from './privileged.ts';
import { probeHosts } from './probeHosts.ts';
import { procMountBaseline, procMountRestricted } from './procMount.ts';
import { runAsNonRoot, runAsUser } from './runAs.ts';
import { seccompBaseline, seccompRestricted } from './seccomp.ts';
import { seLinuxOptions } from './seLinux.ts';
import { sysctls } from './sysctls.ts';
import { hostPathVolumes, restrictedVolumes } from './volumes.ts';
import { windowsHostProcess } from './windowsHostProcess.ts';

export const allChecks: readonly Check[] = [
  appArmorProfile,
  capabilitiesBaseline,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  probeHosts,
  privileged,
  procMountBaseline,
  seLinuxOptions,
  seccompBaseline,
  sysctls,
  windowsHostProcess,

  allowPrivilegeEscalation,
  capabilitiesRestricted,
  procMountRestricted,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompRestricted,
];
