/** What a Service may say, in the order and words of Kubernetes 1.36. Ranges and allocations are the API server's. */
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { cidrErrors, ipErrors, parseIp } from '#common/api/ipAddress.ts';
import { labelErrors } from '#common/api/labelErrors.ts';
import {
  dns1123LabelErrors,
  dns1123SubdomainErrors,
  portNameErrors,
  portNumberErrors,
  qualifiedNameErrors,
} from '#common/api/names.ts';
import type { Service, ServicePort, ServiceSpec, SessionAffinityConfig } from '#common/schema/generated/types.ts';
import { endpointIpErrors } from './endpointIp.ts';
import { oneOf, problemsAt } from './values.ts';

const specPath = FieldPath.of('spec');
const portsPath = specPath.child('ports');
const annotationsPath = FieldPath.of('metadata', 'annotations');
const sourceRangesAnnotation = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const topologyModeAnnotation = 'service.kubernetes.io/topology-mode';
const topologyHintsAnnotation = 'service.kubernetes.io/topology-aware-hints';
const onlyLoadBalancer = "may only be used when `type` is 'LoadBalancer'";
const day = 86_400;
export const transportProtocols = ['SCTP', 'TCP', 'UDP'] as const;

export const isHeadless = (spec: ServiceSpec): boolean => spec.clusterIPs?.length === 1 && spec.clusterIPs[0] === 'None';

/** Traffic may come from outside of the cluster. */
export const isExternallyAccessible = (spec: ServiceSpec): boolean =>
  spec.type === 'LoadBalancer' || spec.type === 'NodePort' || (spec.type === 'ClusterIP' && !!spec.externalIPs?.length);

export const needsHealthCheckPort = (spec: ServiceSpec): boolean =>
  spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';

export function validateService(service: Service): FieldError[] {
  const spec = service.spec ?? {};
  const ports = spec.ports ?? [];
  const errors: FieldError[] = validateTopologyAnnotations(service);
  if (ports.length === 0 && !isHeadless(spec) && spec.type !== 'ExternalName') errors.push(required(portsPath));
  errors.push(...validateTypeRules(spec));
  const names = new Set<string>();
  ports.forEach((port, i) => errors.push(...validatePort(port, ports.length > 1, names, portsPath.index(i))));
  if (spec.selector) errors.push(...labelErrors(specPath.child('selector'), spec.selector));
  errors.push(...validateSessionAffinity(spec), ...validateClusterIps(spec));
  spec.externalIPs?.forEach((ip, i) => {
    const path = specPath.child('externalIPs').index(i);
    const malformed = ipErrors(ip);
    errors.push(...problemsAt(path, ip, malformed.length ? malformed : endpointIpErrors(ip)));
  });
  if (!spec.type) errors.push(required(specPath.child('type')));
  else errors.push(...oneOf(specPath.child('type'), spec.type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']));
  errors.push(
    ...validatePortsTogether(spec, ports),
    ...validateLoadBalancerFields(service, spec),
    ...validateTrafficPolicies(spec),
  );
  return errors;
}

function validateTopologyAnnotations(service: Service): FieldError[] {
  const mode = service.metadata.annotations?.[topologyModeAnnotation];
  const hints = service.metadata.annotations?.[topologyHintsAnnotation];
  if (mode === undefined || hints === undefined || mode === hints) return [];
  const text = `must match annotations[${topologyHintsAnnotation}] when both are specified`;
  return [invalid(annotationsPath.key(topologyModeAnnotation), mode, text)];
}

function validateTypeRules(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const noHeadless = (): void => {
    if (!isHeadless(spec)) return;
    const text = `may not be set to 'None' for ${spec.type ?? ''} services`;
    errors.push(invalid(specPath.child('clusterIPs').index(0), 'None', text));
  };
  switch (spec.type) {
    case 'LoadBalancer':
    case 'NodePort':
      noHeadless();
      break;
    case 'ExternalName': {
      for (const field of ['clusterIPs', 'ipFamilies', 'ipFamilyPolicy'] as const) {
        if (spec[field]?.length) errors.push(forbidden(specPath.child(field), 'may not be set for ExternalName services'));
      }
      const name = (spec.externalName ?? '').replace(/\.$/, '');
      const path = specPath.child('externalName');
      errors.push(...(name ? problemsAt(path, name, dns1123SubdomainErrors(name)) : [required(path)]));
    }
  }
  return errors;
}

function validatePort(port: ServicePort, nameRequired: boolean, names: Set<string>, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const name = port.name ?? '';
  if (name) {
    errors.push(...problemsAt(path.child('name'), name, dns1123LabelErrors(name)));
    if (names.has(name)) errors.push(duplicate(path.child('name'), name));
    names.add(name);
  } else if (nameRequired) {
    errors.push(required(path.child('name')));
  }
  errors.push(...problemsAt(path.child('port'), port.port ?? 0, portNumberErrors(port.port ?? 0)));
  if (!port.protocol) errors.push(required(path.child('protocol')));
  else errors.push(...oneOf(path.child('protocol'), port.protocol, transportProtocols));
  errors.push(...validatePortNumberOrName(port.targetPort ?? 0, path.child('targetPort')));
  if (port.appProtocol !== undefined) {
    errors.push(...problemsAt(path.child('appProtocol'), port.appProtocol, qualifiedNameErrors(port.appProtocol)));
  }
  return errors;
}

/** A port by its number or by its name in the container. */
export const validatePortNumberOrName = (port: number | string, path: FieldPath): FieldError[] =>
  problemsAt(path, port, typeof port === 'number' ? portNumberErrors(port) : portNameErrors(port));

function validateSessionAffinity(spec: ServiceSpec): FieldError[] {
  const path = specPath.child('sessionAffinity');
  if (!spec.sessionAffinity) return [required(path)];
  if (spec.sessionAffinity === 'ClientIP') {
    return validateClientIpConfig(spec.sessionAffinityConfig, specPath.child('sessionAffinityConfig'));
  }
  if (spec.sessionAffinity !== 'None') return [notSupported(path, spec.sessionAffinity, ['ClientIP', 'None'])];
  return spec.sessionAffinityConfig
    ? [forbidden(specPath.child('sessionAffinityConfig'), 'must not be set when session affinity is None')]
    : [];
}

function validateClientIpConfig(config: SessionAffinityConfig | undefined, path: FieldPath): FieldError[] {
  const text = 'when session affinity type is ClientIP';
  if (!config) return [required(path, text)];
  if (!config.clientIP) return [required(path.child('clientIP'), text)];
  const timeout = config.clientIP.timeoutSeconds;
  const timeoutPath = path.child('clientIP', 'timeoutSeconds');
  if (timeout === undefined) return [required(timeoutPath, text)];
  return timeout <= 0 || timeout > day ? [invalid(timeoutPath, timeout, `must be greater than 0 and less than ${day}`)] : [];
}

function validateClusterIps(spec: ServiceSpec): FieldError[] {
  if (spec.type === 'ExternalName') return [];
  const errors: FieldError[] = [];
  const path = specPath.child('clusterIPs');
  const ips = spec.clusterIPs ?? [];
  if (spec.clusterIP) {
    if (ips.length === 0) errors.push(required(path));
    else if (ips[0] !== spec.clusterIP) errors.push(invalid(path, ips, 'first value must match `clusterIP`'));
  } else if (ips.length) {
    errors.push(invalid(path, ips, 'must be empty when `clusterIP` is not specified'));
  }
  const families = spec.ipFamilies ?? [];
  families.forEach((family, i) => {
    const familyPath = specPath.child('ipFamilies').index(i);
    errors.push(...oneOf(familyPath, family, ['IPv4', 'IPv6']));
    if (families.indexOf(family) < i) errors.push(duplicate(familyPath, family));
  });
  if (spec.ipFamilyPolicy !== undefined) {
    const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
    errors.push(...oneOf(specPath.child('ipFamilyPolicy'), spec.ipFamilyPolicy, policies));
  }
  let malformed = false;
  ips.forEach((ip, i) => {
    if (i === 0 && ip === 'None') {
      if (ips.length > 1) {
        malformed = true;
        errors.push(invalid(path, ips, "'None' must be the first and only value"));
      }
      return;
    }
    const problems = ipErrors(ip);
    malformed ||= problems.length > 0;
    errors.push(...problemsAt(path.index(i), ip, problems));
  });
  if (ips.length > 2) errors.push(invalid(path, ips, 'may only hold up to 2 values'));
  if (malformed) return errors;
  const found = ips.map((ip) => (parseIp(ip)?.family === 6 ? 'IPv6' : 'IPv4'));
  if (ips.length > 1 && new Set(found).size !== ips.length) {
    errors.push(invalid(path, ips, 'may specify no more than one IP for each IP family'));
  }
  if (!isHeadless(spec)) {
    ips.forEach((ip, i) => {
      const family = families[i];
      if (family === undefined || family === found[i] || !['IPv4', 'IPv6'].includes(family)) return;
      errors.push(invalid(path.index(i), ip, `expected an ${family} value as indicated by \`ipFamilies[${i}]\``));
    });
  }
  return errors;
}

/** Node ports where there are none, and the same port twice. */
function validatePortsTogether(spec: ServiceSpec, ports: readonly ServicePort[]): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.type === 'ClusterIP') {
    ports.forEach((port, i) => {
      if (port.nodePort) {
        errors.push(forbidden(portsPath.index(i).child('nodePort'), "may not be used when `type` is 'ClusterIP'"));
      }
    });
  }
  const nodePorts = new Set<string>();
  ports.forEach((port, i) => {
    if (!port.nodePort) return;
    const key = `${port.protocol ?? ''}/${port.nodePort}`;
    if (nodePorts.has(key)) errors.push(duplicate(portsPath.index(i).child('nodePort'), port.nodePort));
    nodePorts.add(key);
  });
  const seen = new Set<string>();
  ports.forEach((port, i) => {
    const key = `${port.protocol ?? ''}/${port.port ?? 0}`;
    if (seen.has(key)) {
      // Kubernetes quotes its internal structure here, with only the compared fields filled.
      const value = {
        Name: '',
        Protocol: port.protocol ?? '',
        AppProtocol: null,
        Port: port.port ?? 0,
        TargetPort: 0,
        NodePort: 0,
      };
      errors.push(duplicate(portsPath.index(i), value));
    }
    seen.add(key);
  });
  return errors;
}

function validateLoadBalancerFields(service: Service, spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const isLoadBalancer = spec.type === 'LoadBalancer';
  const annotation = service.metadata.annotations?.[sourceRangesAnnotation];
  if (spec.loadBalancerSourceRanges?.length) {
    const path = specPath.child('LoadBalancerSourceRanges');
    if (!isLoadBalancer) errors.push(forbidden(path, onlyLoadBalancer));
    spec.loadBalancerSourceRanges.forEach((range, i) =>
      errors.push(...problemsAt(path.index(i), range.trim(), cidrErrors(range.trim()))),
    );
  } else if (annotation !== undefined) {
    const path = annotationsPath.key(sourceRangesAnnotation);
    if (!isLoadBalancer) errors.push(forbidden(path, onlyLoadBalancer));
    const text = annotation.trim();
    if (text) for (const range of text.split(',')) errors.push(...problemsAt(path, range.trim(), cidrErrors(range.trim())));
  }
  const allocatePath = specPath.child('allocateLoadBalancerNodePorts');
  if (spec.allocateLoadBalancerNodePorts !== undefined && !isLoadBalancer) errors.push(forbidden(allocatePath, onlyLoadBalancer));
  if (spec.allocateLoadBalancerNodePorts === undefined && isLoadBalancer) {
    errors.push(required(allocatePath, "field is required when `type` is 'LoadBalancer'"));
  }
  if (spec.loadBalancerClass !== undefined) {
    const path = specPath.child('loadBalancerClass');
    if (isLoadBalancer) errors.push(...problemsAt(path, spec.loadBalancerClass, qualifiedNameErrors(spec.loadBalancerClass)));
    else errors.push(forbidden(path, onlyLoadBalancer));
  }
  return errors;
}

function validateTrafficPolicies(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const externalPath = specPath.child('externalTrafficPolicy');
  const external = spec.externalTrafficPolicy;
  if (!isExternallyAccessible(spec)) {
    if (external) errors.push(invalid(externalPath, external, 'may only be set for externally-accessible services'));
  } else if (!external) {
    errors.push(required(externalPath));
  } else {
    errors.push(...oneOf(externalPath, external, ['Cluster', 'Local']));
  }
  const healthPath = specPath.child('healthCheckNodePort');
  const healthPort = spec.healthCheckNodePort;
  if (healthPort) {
    if (needsHealthCheckPort(spec)) errors.push(...problemsAt(healthPath, healthPort, portNumberErrors(healthPort)));
    else {
      const text = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
      errors.push(invalid(healthPath, healthPort, text));
    }
  }
  const internalPath = specPath.child('internalTrafficPolicy');
  if (spec.internalTrafficPolicy === undefined) {
    if (['ClusterIP', 'NodePort', 'LoadBalancer'].includes(spec.type ?? '')) errors.push(required(internalPath));
  } else {
    errors.push(...oneOf(internalPath, spec.internalTrafficPolicy, ['Cluster', 'Local']));
  }
  if (spec.trafficDistribution !== undefined) {
    const supported = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];
    errors.push(...oneOf(specPath.child('trafficDistribution'), spec.trafficDistribution, supported));
  }
  return errors;
}
