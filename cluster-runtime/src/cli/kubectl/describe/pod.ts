import { humanDuration } from '#common/api/duration.ts';
import { parseTime } from '#common/api/time.ts';
import type { Pod } from '#common/schema/generated/types.ts';
import { annotationLines, controllerLine, eventLines, labelLines, timeText } from './common.ts';
import { containerLines } from './containers.ts';
import { type Describer, Page } from './describer.ts';
import { spreadLines, tolerationLines } from './podSpec.ts';
import { volumeLines } from './volumes.ts';

export const describePod: Describer = async (ctx, object) => {
  const pod = object as unknown as Pod;
  const { metadata, spec, status } = pod;
  const page = new Page();
  page.line(0, `Name:\t${metadata.name ?? ''}`);
  page.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
  if (spec?.priority !== undefined) page.line(0, `Priority:\t${spec.priority}`);
  if (spec?.priorityClassName) page.line(0, `Priority Class Name:\t${spec.priorityClassName}`);
  if (spec?.runtimeClassName) page.line(0, `Runtime Class Name:\t${spec.runtimeClassName}`);
  if (spec?.serviceAccountName) page.line(0, `Service Account:\t${spec.serviceAccountName}`);
  page.line(0, `Node:\t${spec?.nodeName ? `${spec.nodeName}/${status?.hostIP ?? ''}` : '<none>'}`);
  if (status?.startTime) page.line(0, `Start Time:\t${timeText(status.startTime)}`);
  labelLines(page, 'Labels', metadata.labels);
  annotationLines(page, 'Annotations', metadata.annotations);
  if (metadata.deletionTimestamp && status?.phase !== 'Failed' && status?.phase !== 'Succeeded') {
    page.line(0, `Status:\tTerminating (lasts ${humanDuration(ctx.now - (parseTime(metadata.deletionTimestamp) ?? ctx.now))})`);
    page.line(0, `Termination Grace Period:\t${metadata.deletionGracePeriodSeconds ?? 0}s`);
  } else page.line(0, `Status:\t${status?.phase ?? ''}`);
  if (status?.reason) page.line(0, `Reason:\t${status.reason}`);
  if (status?.message) page.line(0, `Message:\t${status.message}`);
  const seccomp = spec?.securityContext?.seccompProfile;
  if (seccomp) {
    page.line(0, `SeccompProfile:\t${seccomp.type}`);
    if (seccomp.type === 'Localhost') page.line(0, `LocalhostProfile:\t${seccomp.localhostProfile ?? ''}`);
  }
  page.line(0, `IP:\t${status?.podIP ?? ''}`);
  const addresses = status?.podIPs ?? [];
  page.line(0, `IPs:${addresses.length === 0 ? '\t<none>' : ''}`);
  for (const { ip } of addresses) page.line(1, `IP:\t${ip}`);
  controllerLine(page, pod);
  if (status?.nominatedNodeName) page.line(0, `NominatedNodeName:\t${status.nominatedNodeName}`);
  if (spec?.initContainers?.length)
    containerLines(page, 'Init Containers', spec.initContainers, status?.initContainerStatuses ?? [], pod);
  containerLines(page, 'Containers', spec?.containers ?? [], status?.containerStatuses ?? [], pod);
  if (spec?.ephemeralContainers?.length)
    containerLines(page, 'Ephemeral Containers', spec.ephemeralContainers, status?.ephemeralContainerStatuses ?? [], pod);
  conditions(page, pod);
  volumeLines(page, spec?.volumes ?? [], '');
  page.line(0, `QoS Class:\t${status?.qosClass ?? ''}`);
  labelLines(page, 'Node-Selectors', spec?.nodeSelector);
  tolerationLines(page, spec?.tolerations, '');
  spreadLines(page, spec?.topologySpreadConstraints, '');
  await eventLines(ctx, page, object);
  return page.toString();
};

function conditions(page: Page, { spec, status }: Pod): void {
  const list = status?.conditions ?? [];
  if (spec?.readinessGates?.length) {
    page.lines(0, ['Readiness Gates:', '  Type\tStatus']);
    for (const { conditionType } of spec.readinessGates)
      page.line(1, `${conditionType} \t${list.find(({ type }) => type === conditionType)?.status ?? '<none>'} `);
  }
  if (list.length === 0) return;
  page.lines(0, ['Conditions:', '  Type\tStatus']);
  for (const { type, status: value } of list) page.line(1, `${type} \t${value} `);
}
