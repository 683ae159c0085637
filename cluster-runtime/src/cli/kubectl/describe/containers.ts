/** Containers of a pod or of a template: what they run, how they are, what they see. */
import { parseQuantity, quantityMilli, quantityValue } from '#common/api/quantity.ts';
import type { Container, ContainerState, ContainerStatus, EnvVar, Pod, Probe } from '#common/schema/generated/types.ts';
import { sortedKeys, timeText } from './common.ts';
import type { Page } from './describer.ts';

/** `pod` is absent in a template, whose containers have no state. */
export function containerLines(
  page: Page,
  title: string,
  containers: readonly Container[],
  statuses: readonly ContainerStatus[],
  pod: Pod | undefined,
): void {
  const indent = pod ? '' : '  ';
  page.line(0, `${indent}${title}:${containers.length === 0 ? ' <none>' : ''}`);
  for (const container of containers) {
    page.line(0, `${pod ? '  ' : '   '}${container.name}:`);
    const status = statuses.find(({ name }) => name === container.name);
    basics(page, container, status);
    words(page, 'Command', container.command);
    words(page, 'Args', container.args);
    if (status) states(page, status);
    resources(page, container);
    probes(page, container);
    environmentSources(page, container);
    environment(page, container, pod);
    mounts(page, container);
  }
}

function basics(page: Page, container: Container, status: ContainerStatus | undefined): void {
  if (status) page.line(2, `Container ID:\t${status.containerID ?? ''}`);
  page.line(2, `Image:\t${container.image ?? ''}`);
  if (status) page.line(2, `Image ID:\t${status.imageID ?? ''}`);
  const ports = container.ports ?? [];
  const several = ports.length > 1 ? 's' : '';
  const text = (texts: readonly string[]): string => texts.join(', ') || '<none>';
  page.line(2, `Port${several}:\t${text(ports.map(({ containerPort, protocol = 'TCP' }) => `${containerPort}/${protocol}`))}`);
  page.line(2, `Host Port${several}:\t${text(ports.map(({ hostPort = 0, protocol = 'TCP' }) => `${hostPort}/${protocol}`))}`);
  const seccomp = container.securityContext?.seccompProfile;
  if (seccomp) {
    page.line(2, `SeccompProfile:\t${seccomp.type}`);
    if (seccomp.type === 'Localhost') page.line(3, `LocalhostProfile:\t${seccomp.localhostProfile ?? ''}`);
  }
}

function words(page: Page, title: string, given: readonly string[] | undefined): void {
  if (!given?.length) return;
  page.line(2, `${title}:`);
  for (const word of given) for (const line of word.split('\n')) page.line(3, line);
}

function states(page: Page, status: ContainerStatus): void {
  state(page, 'State', status.state);
  if (status.lastState?.terminated) state(page, 'Last State', status.lastState);
  page.line(2, `Ready:\t${status.ready ? 'True' : 'False'}`);
  page.line(2, `Restart Count:\t${status.restartCount}`);
}

function state(page: Page, title: string, { running, waiting, terminated }: ContainerState = {}): void {
  if (running) {
    page.line(2, `${title}:\tRunning`);
    page.line(3, `Started:\t${timeText(running.startedAt)}`);
  } else if (terminated) {
    page.line(2, `${title}:\tTerminated`);
    if (terminated.reason) page.line(3, `Reason:\t${terminated.reason}`);
    if (terminated.message) page.line(3, `Message:\t${terminated.message}`);
    page.line(3, `Exit Code:\t${terminated.exitCode}`);
    if (terminated.signal) page.line(3, `Signal:\t${terminated.signal}`);
    page.line(3, `Started:\t${timeText(terminated.startedAt)}`);
    page.line(3, `Finished:\t${timeText(terminated.finishedAt)}`);
  } else {
    page.line(2, `${title}:\tWaiting`);
    if (waiting?.reason) page.line(3, `Reason:\t${waiting.reason}`);
  }
}

function resources(page: Page, { resources: given }: Container): void {
  for (const [title, amounts] of [
    ['Limits', given?.limits],
    ['Requests', given?.requests],
  ] as const) {
    const names = sortedKeys(amounts);
    if (names.length > 0) page.line(2, `${title}:`);
    for (const name of names) page.line(3, `${name}:\t${amounts?.[name] ?? ''}`);
  }
}

function probes(page: Page, { livenessProbe, readinessProbe, startupProbe }: Container): void {
  if (livenessProbe) page.line(2, `Liveness:\t${probeText(livenessProbe)}`);
  if (readinessProbe) page.line(2, `Readiness:\t${probeText(readinessProbe)}`);
  if (startupProbe) page.line(2, `Startup:\t${probeText(startupProbe)}`);
}

function probeText(probe: Probe): string {
  const { initialDelaySeconds = 0, timeoutSeconds = 0, periodSeconds = 0, successThreshold = 0, failureThreshold = 0 } = probe;
  const times = `delay=${initialDelaySeconds}s timeout=${timeoutSeconds}s period=${periodSeconds}s #success=${successThreshold} #failure=${failureThreshold}`;
  return `${handlerText(probe)} ${times}`;
}

function handlerText({ exec, httpGet, tcpSocket, grpc }: Probe): string {
  if (exec) return `exec [${(exec.command ?? []).join(' ')}]`;
  if (httpGet) {
    const path = httpGet.path ?? '';
    return `http-get ${(httpGet.scheme ?? '').toLowerCase()}://${httpGet.host ?? ''}:${httpGet.port}${path && !path.startsWith('/') ? '/' : ''}${path}`;
  }
  if (tcpSocket) return `tcp-socket ${tcpSocket.host ?? ''}:${tcpSocket.port}`;
  return grpc ? `grpc <pod>:${grpc.port} ${grpc.service ?? ''}` : 'unknown';
}

function environmentSources(page: Page, { envFrom = [] }: Container): void {
  if (envFrom.length > 0) page.line(2, 'Environment Variables from:');
  for (const { prefix, configMapRef, secretRef } of envFrom) {
    const kind = (configMapRef ? 'ConfigMap' : 'Secret') + (prefix ? ` with prefix '${prefix}'` : '');
    const { name = '', optional = false } = configMapRef ?? secretRef ?? {};
    page.line(3, `${name}\t${kind}\tOptional: ${optional}`);
  }
}

function environment(page: Page, container: Container, pod: Pod | undefined): void {
  const { env = [] } = container;
  page.line(2, `Environment:${env.length === 0 ? '\t<none>' : ''}`);
  for (const variable of env) {
    const [first = '', ...others] = variableText(variable, container, pod).split('\n');
    page.line(3, `${variable.name}:\t${first}`);
    for (const line of others) page.line(3, `\t${line}`);
  }
}

function variableText({ value = '', valueFrom }: EnvVar, container: Container, pod: Pod | undefined): string {
  if (!valueFrom) return value;
  const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = valueFrom;
  if (fieldRef) return `${pod ? fieldOf(pod, fieldRef.fieldPath) : ''} (${fieldRef.apiVersion ?? 'v1'}:${fieldRef.fieldPath})`;
  if (resourceFieldRef) {
    const amount = amountOf(container, resourceFieldRef.resource, resourceFieldRef.divisor);
    const shown = amount === '0' && /^limits\.(?:cpu|memory)$/.test(resourceFieldRef.resource) ? 'node allocatable' : amount;
    return `${shown} (${resourceFieldRef.resource})`;
  }
  if (secretKeyRef)
    return `<set to the key '${secretKeyRef.key}' in secret '${secretKeyRef.name ?? ''}'>\tOptional: ${secretKeyRef.optional ?? false}`;
  if (configMapKeyRef)
    return `<set to the key '${configMapKeyRef.key}' of config map '${configMapKeyRef.name ?? ''}'>\tOptional: ${configMapKeyRef.optional ?? false}`;
  return '';
}

function fieldOf({ metadata, spec, status }: Pod, path: string): string {
  const [, field, key] = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path) ?? [];
  if (field !== undefined && key !== undefined) return (field === 'labels' ? metadata.labels : metadata.annotations)?.[key] ?? '';
  const fields: Readonly<Record<string, string | undefined>> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'spec.nodeName': spec?.nodeName,
    'spec.serviceAccountName': spec?.serviceAccountName,
    'status.podIP': status?.podIP,
    'status.hostIP': status?.hostIP,
    'status.podIPs': status?.podIPs?.map(({ ip }) => ip).join(','),
    'status.hostIPs': status?.hostIPs?.map(({ ip }) => ip).join(','),
  };
  return (Object.hasOwn(fields, path) ? fields[path] : undefined) ?? '';
}

/** In the divisor's units, rounded up. */
function amountOf({ resources: given }: Container, resource: string, divisor: string | undefined): string {
  const [list = '', ...rest] = resource.split('.');
  const name = rest.join('.');
  const amount = parseQuantity((list === 'limits' ? given?.limits?.[name] : given?.requests?.[name]) ?? '0');
  const unit = divisor === undefined || divisor === '0' ? '1' : divisor;
  if (name === 'cpu') return String(Math.ceil(quantityMilli(amount) / quantityMilli(unit)));
  return String(Math.ceil(quantityValue(amount) / Math.max(1, quantityValue(unit))));
}

function mounts(page: Page, { volumeMounts = [], volumeDevices = [] }: Container): void {
  page.line(2, `Mounts:${volumeMounts.length === 0 ? '\t<none>' : ''}`);
  for (const { mountPath, name, readOnly, subPath } of volumeMounts.toSorted((a, b) => (a.mountPath < b.mountPath ? -1 : 1)))
    page.line(
      3,
      `${mountPath} from ${name} (${[readOnly ? 'ro' : 'rw', ...(subPath ? [`path=${JSON.stringify(subPath)}`] : [])].join(',')})`,
    );
  if (volumeDevices.length === 0) return;
  page.line(2, 'Devices:');
  for (const { devicePath, name } of volumeDevices) page.line(3, `${devicePath} from ${name}`);
}
