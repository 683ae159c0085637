/** Defaults that a pod gets and a template does not: requests from limits, host ports, service links, and its IPs in both forms. */
import type * as api from '#common/schema/generated/types.ts';
import { mapShared, withDefaults, withField } from '../podSpec/copyOnWrite.ts';
import { defaultedPodSpec } from '../podSpec/defaults.ts';
import { isPodLevelResource } from '../podSpec/podResources.ts';
import { sumOfContainers } from '../podSpec/resourceSums.ts';

const serviceLinks = { enableServiceLinks: true };

export function applyPodDefaults(pod: api.Pod): void {
  let spec = withDefaults(defaultedPodSpec(pod.spec ?? { containers: [] }), serviceLinks);
  if (spec.containers) spec = withField(spec, 'containers', mapShared(spec.containers, withRequests));
  if (spec.initContainers) spec = withField(spec, 'initContainers', mapShared(spec.initContainers, withRequests));
  if (spec.resources) spec = withField(spec, 'resources', podRequests(spec, spec.resources));
  if (spec.hostNetwork) {
    if (spec.containers) spec = withField(spec, 'containers', mapShared(spec.containers, withHostPorts));
    if (spec.initContainers) spec = withField(spec, 'initContainers', mapShared(spec.initContainers, withHostPorts));
  }
  if (pod.spec !== spec) pod.spec = spec;
  if (pod.status) pod.status = withBothIps(pod.status);
}

/** Whoever limits a resource without asking for it asks for the limit. */
function withRequests(container: api.Container): api.Container {
  const limits = container.resources?.limits;
  if (!limits) return container;
  const requests = container.resources?.requests ?? {};
  for (const name in limits) {
    if (Object.hasOwn(requests, name)) continue;
    return { ...container, resources: { ...container.resources, requests: { ...limits, ...requests } } };
  }
  return container;
}

function podRequests(spec: api.PodSpec, resources: api.ResourceRequirements): api.ResourceRequirements {
  const requests: Record<string, string> = { ...resources.requests };
  for (const [name, sum] of sumOfContainers(spec, 'requests')) {
    if (isPodLevelResource(name) && !Object.hasOwn(requests, name)) requests[name] = sum.text;
  }
  for (const [name, limit] of Object.entries(resources.limits ?? {})) {
    if (!Object.hasOwn(requests, name)) requests[name] = limit;
  }
  if (Object.keys(requests).length === Object.keys(resources.requests ?? {}).length) return resources;
  return { ...resources, requests };
}

const withHostPorts = (container: api.Container): api.Container =>
  container.ports ? withField(container, 'ports', mapShared(container.ports, withHostPort)) : container;

const withHostPort = (port: api.ContainerPort): api.ContainerPort =>
  port.hostPort || !port.containerPort ? port : { ...port, hostPort: port.containerPort };

/** `podIP` is the first of `podIPs`; when they differ, the single one counts, as it does for old clients. */
function withBothIps(status: api.PodStatus): api.PodStatus {
  const { podIP, podIPs } = status;
  const first = podIPs?.[0]?.ip;
  if (podIP && first !== podIP) return { ...status, podIPs: [{ ip: podIP }] };
  return !podIP && first ? { ...status, podIP: first } : status;
}
