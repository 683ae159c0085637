/**
 * Service (core/v1): a stable address for the pods that a selector finds. What needs the cluster's ranges (choosing and
 * checking cluster IPs, node ports and IP families) is the API server's; everything that the object says by itself is here.
 */
import { formatMap, loadBalancerText } from './columnText.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import type * as api from '#common/schema/generated/types.ts';
import { labelName } from './validation/objectNames.ts';
import { isExternallyAccessible, isHeadless, needsHealthCheckPort, validateService } from './validation/service.ts';
import { validateServiceUpdate } from './validation/serviceUpdate.ts';
import { validateLoadBalancerStatus } from './validation/loadBalancerStatus.ts';

const defaultClientIpTimeout = 10_800;

export const Service = defineKind<api.Service>({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  changesFirst: true,
  subresources: { status: true },
  hasGeneration: false,
  createOnUpdate: true,
  deleteAnswersObject: true,
  validateName: labelName,
  applyDefaults,
  prepareForCreate(service) {
    service.status = { loadBalancer: {} };
    const spec = service.spec;
    if (!spec) return;
    dropForeignFields(spec);
    if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP];
  },
  prepareForUpdate,
  prepareForStatusUpdate(service, old) {
    if (old.spec) service.spec = old.spec;
  },
  validate: validateService,
  validateUpdate: validateServiceUpdate,
  validateStatusUpdate: (service) =>
    validateLoadBalancerStatus(service.status?.loadBalancer, service.spec?.type === 'LoadBalancer'),
  warnings,
  selectableFieldNames: ['spec.clusterIP', 'spec.type'],
  selectableFields: (service) => ({
    'spec.clusterIP': service.spec?.clusterIP ?? '',
    'spec.type': service.spec?.type ?? '',
  }),
  columns: [
    nameColumn,
    textColumn('Type', (service) => service.spec?.type ?? ''),
    textColumn('Cluster-IP', (service) => service.spec?.clusterIPs?.[0] ?? '<none>'),
    textColumn('External-IP', externalAddresses),
    textColumn('Port(s)', portsText),
    ageColumn,
    textColumn('Selector', (service) => formatMap(service.spec?.selector), 1),
  ],
  references: [
    { type: 'selector', path: 'spec.selector', form: 'map', to: { group: '', kind: 'Pod' } },
    { type: 'port', path: 'spec.ports[].targetPort', of: 'selected' },
  ],
});

function applyDefaults(service: api.Service): void {
  const spec = (service.spec ??= {});
  if (spec.type === 'LoadBalancer') {
    for (const ingress of service.status?.loadBalancer?.ingress ?? []) if (ingress.ip) ingress.ipMode ??= 'VIP';
  }
  spec.sessionAffinity ||= 'None';
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity === 'ClientIP') {
    const clientIP = ((spec.sessionAffinityConfig ??= {}).clientIP ??= {});
    clientIP.timeoutSeconds ??= defaultClientIpTimeout;
  }
  spec.type ||= 'ClusterIP';
  for (const port of spec.ports ?? []) {
    port.protocol ||= 'TCP';
    if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '') port.targetPort = port.port ?? 0;
  }
  if (isExternallyAccessible(spec)) spec.externalTrafficPolicy ||= 'Cluster';
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
  if (spec.type === 'ClusterIP' || spec.type === 'NodePort' || spec.type === 'LoadBalancer') {
    spec.internalTrafficPolicy ??= 'Cluster';
  }
}

/** An ExternalName has no use for some fields, and Kubernetes empties rather than refuses them. */
function dropForeignFields(spec: api.ServiceSpec): void {
  if (spec.type === 'ExternalName' && spec.clusterIP === 'None') {
    delete spec.clusterIP;
    delete spec.clusterIPs;
  }
}

/**
 * Clients may send back less than they got: the allocated addresses and ports are kept unless they were changed. And
 * fields that a new type does not have go away with the old type.
 */
function prepareForUpdate(service: api.Service, old: api.Service): void {
  if (old.status) service.status = old.status;
  else delete service.status;
  const spec = service.spec;
  const before = old.spec;
  if (!spec || !before) return;
  syncClusterIps(spec, before);
  keepAllocations(spec, before);
  dropTypeDependentFields(spec, before);
}

function syncClusterIps(spec: api.ServiceSpec, before: api.ServiceSpec): void {
  const changed = (spec.clusterIP ?? '') !== (before.clusterIP ?? '');
  const sameList = JSON.stringify(spec.clusterIPs ?? []) === JSON.stringify(before.clusterIPs ?? []);
  if (changed && !spec.clusterIP) {
    if (sameList) delete spec.clusterIPs;
  } else if (changed && sameList && spec.clusterIP) {
    spec.clusterIPs = [spec.clusterIP];
  } else if (!changed && !spec.clusterIPs?.length && spec.clusterIP && !before.clusterIPs?.length) {
    spec.clusterIPs = [spec.clusterIP];
  }
}

function keepAllocations(spec: api.ServiceSpec, before: api.ServiceSpec): void {
  if (spec.type !== 'ExternalName' && before.type !== 'ExternalName') {
    if (!spec.ipFamilies?.length && before.ipFamilies) spec.ipFamilies = before.ipFamilies;
    if (spec.ipFamilyPolicy === undefined && before.ipFamilyPolicy !== undefined) spec.ipFamilyPolicy = before.ipFamilyPolicy;
    if (!spec.clusterIP && before.clusterIP && !spec.clusterIPs?.length) {
      spec.clusterIP = before.clusterIP;
      if (before.clusterIPs) spec.clusterIPs = before.clusterIPs;
    } else if (!spec.clusterIP && before.clusterIP) {
      spec.clusterIP = before.clusterIP;
    } else if (!spec.clusterIPs?.length && before.clusterIPs && spec.clusterIP === before.clusterIP) {
      spec.clusterIPs = before.clusterIPs;
    }
  }
  if (hasNodePorts(spec) && hasNodePorts(before)) {
    const used = new Set((spec.ports ?? []).map((port) => port.nodePort ?? 0));
    for (const port of spec.ports ?? []) {
      if (port.nodePort) continue;
      const same = before.ports?.find((p) => p.port === port.port && p.protocol === port.protocol && p.nodePort);
      if (same?.nodePort && !used.has(same.nodePort)) port.nodePort = same.nodePort;
    }
  }
  if (needsHealthCheckPort(spec) && needsHealthCheckPort(before) && !spec.healthCheckNodePort && before.healthCheckNodePort) {
    spec.healthCheckNodePort = before.healthCheckNodePort;
  }
}

const hasNodePorts = (spec: api.ServiceSpec): boolean => spec.type === 'NodePort' || spec.type === 'LoadBalancer';

function dropTypeDependentFields(spec: api.ServiceSpec, before: api.ServiceSpec): void {
  const same = <K extends keyof api.ServiceSpec>(field: K): boolean =>
    JSON.stringify(spec[field] ?? null) === JSON.stringify(before[field] ?? null);
  if (before.type !== 'ExternalName' && spec.type === 'ExternalName') {
    if (same('clusterIP') && same('clusterIPs')) {
      delete spec.clusterIP;
      delete spec.clusterIPs;
    }
    if (same('ipFamilies')) delete spec.ipFamilies;
    if (same('ipFamilyPolicy')) delete spec.ipFamilyPolicy;
  }
  if (hasNodePorts(before) && !hasNodePorts(spec)) {
    spec.ports?.forEach((port, i) => {
      if (port.nodePort !== undefined && port.nodePort === before.ports?.[i]?.nodePort) delete port.nodePort;
    });
  }
  if (needsHealthCheckPort(before) && !needsHealthCheckPort(spec) && same('healthCheckNodePort')) delete spec.healthCheckNodePort;
  if (before.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    if (same('allocateLoadBalancerNodePorts')) delete spec.allocateLoadBalancerNodePorts;
    if (same('loadBalancerClass')) delete spec.loadBalancerClass;
  }
  if (isExternallyAccessible(before) && !isExternallyAccessible(spec) && same('externalTrafficPolicy')) {
    delete spec.externalTrafficPolicy;
  }
  if (spec.type === 'ExternalName' && same('internalTrafficPolicy')) delete spec.internalTrafficPolicy;
}

function warnings(service: api.Service): string[] {
  const spec = service.spec;
  if (!spec) return [];
  const texts: string[] = [];
  if (spec.externalIPs?.length) texts.push('spec.externalIPs is deprecated and may no longer be implemented in some clusters');
  if (spec.trafficDistribution === 'PreferClose') {
    texts.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
  }
  if (isHeadless(spec) && spec.sessionAffinity === 'ClientIP') {
    texts.push('spec.SessionAffinity is ignored for headless services');
  }
  if (isHeadless(spec) && spec.loadBalancerIP) texts.push('spec.loadBalancerIP is ignored for headless services');
  if (isHeadless(spec) && spec.externalIPs?.length) texts.push('spec.externalIPs is ignored when spec.clusterIP is "None"');
  return texts;
}

function externalAddresses(service: api.Service): string {
  const spec = service.spec ?? {};
  const given = spec.externalIPs ?? [];
  switch (spec.type) {
    case 'LoadBalancer': {
      const assigned = loadBalancerText(service.status?.loadBalancer);
      return [...(assigned ? [assigned] : []), ...given].join(',') || '<pending>';
    }
    case 'ExternalName':
      return spec.externalName ?? '';
    default:
      return given.length ? given.join(',') : '<none>';
  }
}

function portsText(service: api.Service): string {
  const ports = service.spec?.ports ?? [];
  if (!ports.length) return '<none>';
  return ports.map((port) => `${port.port}${port.nodePort ? `:${port.nodePort}` : ''}/${port.protocol ?? ''}`).join(',');
}
