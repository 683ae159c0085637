import { formatMap } from '#common/kinds/columnText.ts';
import type { Endpoints, EndpointSlice, Ingress, IngressBackend, Service, ServicePort } from '#common/schema/generated/types.ts';
import { annotationLines, eventLines, headLines, labelLines } from './common.ts';
import { type DescribeContext, type Describer, listOf, oneOf, Page } from './describer.ts';

export const describeService: Describer = async (ctx, object) => {
  const { metadata, spec, status } = object as unknown as Service;
  const slices = await slicesOf(ctx, metadata.namespace, metadata.name ?? '');
  const page = new Page();
  headLines(page, object);
  page.line(0, `Selector:\t${formatMap(spec?.selector)}`);
  page.line(0, `Type:\t${spec?.type ?? ''}`);
  if (spec?.ipFamilyPolicy) page.line(0, `IP Family Policy:\t${spec.ipFamilyPolicy}`);
  page.line(0, `IP Families:\t${spec?.ipFamilies?.join(',') || '<none>'}`);
  page.line(0, `IP:\t${spec?.clusterIP ?? ''}`);
  page.line(0, `IPs:\t${spec?.clusterIPs?.join(',') || '<none>'}`);
  if (spec?.externalIPs?.length) page.line(0, `External IPs:\t${spec.externalIPs.join(',')}`);
  if (spec?.loadBalancerIP) page.line(0, `Desired LoadBalancer IP:\t${spec.loadBalancerIP}`);
  if (spec?.externalName) page.line(0, `External Name:\t${spec.externalName}`);
  const ingress = status?.loadBalancer?.ingress ?? [];
  if (ingress.length > 0)
    page.line(
      0,
      `LoadBalancer Ingress:\t${ingress.map(({ ip, hostname, ipMode }) => (ip ? `${ip}${ipMode ? ` (${ipMode})` : ''}` : (hostname ?? ''))).join(', ')}`,
    );
  for (const port of spec?.ports ?? []) {
    const { name, protocol = 'TCP', targetPort } = port;
    page.line(0, `Port:\t${name || '<unset>'}\t${port.port}/${protocol}`);
    page.line(0, `TargetPort:\t${targetPort ?? port.port}/${protocol}`);
    if (port.nodePort) page.line(0, `NodePort:\t${name || '<unset>'}\t${port.nodePort}/${protocol}`);
    page.line(0, `Endpoints:\t${endpointsText(slices, port.name ?? '')}`);
  }
  page.line(0, `Session Affinity:\t${spec?.sessionAffinity ?? ''}`);
  if (spec?.externalTrafficPolicy) page.line(0, `External Traffic Policy:\t${spec.externalTrafficPolicy}`);
  if (spec?.internalTrafficPolicy) page.line(0, `Internal Traffic Policy:\t${spec.internalTrafficPolicy}`);
  if (spec?.healthCheckNodePort) page.line(0, `HealthCheck NodePort:\t${spec.healthCheckNodePort}`);
  if (spec?.loadBalancerSourceRanges?.length)
    page.line(0, `LoadBalancer Source Ranges:\t${spec.loadBalancerSourceRanges.join(',')}`);
  await eventLines(ctx, page, object);
  return page.toString();
};

const slicesOf = (ctx: DescribeContext, namespace: string | undefined, name: string): Promise<EndpointSlice[]> =>
  listOf<EndpointSlice>(ctx, 'discovery.k8s.io/v1', 'endpointslices', namespace, {
    labelSelector: `kubernetes.io/service-name=${name}`,
  });

const mostEndpoints = 3;

/** `10.244.0.10:80,10.244.1.10:80 + 2 more...` of those that are ready. */
function endpointsText(slices: readonly EndpointSlice[], portName: string): string {
  if (slices.length === 0) return '<none>';
  const all = slices.flatMap(({ ports, endpoints }) => {
    const found = (ports ?? []).filter(({ name, port }) => (name ?? '') === portName && port !== undefined);
    if ((ports ?? []).length === 0 && portName === '') return (endpoints ?? []).map(({ addresses }) => addresses[0] ?? '');
    return found.flatMap(({ port }) =>
      (endpoints ?? [])
        .filter(({ conditions }) => conditions?.ready !== false)
        .map(({ addresses }) => joinPort(addresses[0] ?? '', port ?? 0)),
    );
  });
  const shown = all.slice(0, mostEndpoints).join(',');
  return all.length > mostEndpoints ? `${shown} + ${all.length - mostEndpoints} more...` : shown;
}

const joinPort = (address: string, port: number): string => `${address.includes(':') ? `[${address}]` : address}:${port}`;

export const describeIngress: Describer = async (ctx, object) => {
  const { metadata, spec, status } = object as unknown as Ingress;
  const page = new Page();
  page.line(0, `Name:\t${metadata.name ?? ''}`);
  labelLines(page, 'Labels', metadata.labels);
  page.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
  page.line(0, `Address:\t${(status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || (hostname ?? '')).join(',')}`);
  page.line(0, `Ingress Class:\t${spec?.ingressClassName ?? '<none>'}`);
  const byDefault = spec?.defaultBackend;
  page.line(0, `Default backend:\t${byDefault ? await backendText(ctx, metadata.namespace, byDefault) : '<default>'}`);
  if (spec?.tls?.length) {
    page.line(0, 'TLS:');
    for (const { hosts, secretName } of spec.tls)
      page.line(1, secretName ? `${secretName} terminates ${(hosts ?? []).join(',')}` : `SNI routes ${(hosts ?? []).join(',')}`);
  }
  const rules = spec?.rules ?? [];
  page.lines(0, ['Rules:', '  Host\tPath\tBackends', '  ----\t----\t--------']);
  let count = 0;
  for (const { host, http } of rules) {
    if (!http) continue;
    count++;
    page.line(1, `${host || '*'}\t`);
    for (const { path = '', backend } of http.paths)
      page.line(1, `  \t${path} \t${await backendText(ctx, metadata.namespace, backend)}`);
  }
  if (count === 0) page.line(1, `*\t*\t${byDefault ? await backendText(ctx, metadata.namespace, byDefault) : '<default>'}`);
  annotationLines(page, 'Annotations', metadata.annotations);
  await eventLines(ctx, page, object);
  return page.toString();
};

async function backendText(
  ctx: DescribeContext,
  namespace: string | undefined,
  { service, resource }: IngressBackend,
): Promise<string> {
  if (resource) return `APIGroup: ${resource.apiGroup ?? '<none>'}, Kind: ${resource.kind}, Name: ${resource.name}`;
  if (!service) return '<none>';
  const wanted = service.port?.name ?? service.port?.number ?? '';
  const text = `${service.name}:${wanted}`;
  const found = await oneOf<Service>(ctx, 'v1', 'services', namespace, service.name);
  if (!found) return `${text} (<error: services ${JSON.stringify(service.name)} not found>)`;
  const port = found.spec?.ports?.find((candidate: ServicePort) => candidate.name === wanted || candidate.port === wanted);
  const slices = await slicesOf(ctx, namespace, service.name);
  return `${text} (${port ? endpointsText(slices, port.name ?? '') : ''})`;
}

export const describeEndpoints: Describer = async (ctx, object) => {
  const { subsets } = object as unknown as Endpoints;
  const page = new Page();
  headLines(page, object);
  page.line(0, 'Subsets:');
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets ?? []) {
    page.line(1, `Addresses:\t${addresses.map(({ ip }) => ip).join(',') || '<none>'}`);
    page.line(1, `NotReadyAddresses:\t${notReadyAddresses.map(({ ip }) => ip).join(',') || '<none>'}`);
    if (ports.length > 0) {
      page.lines(1, ['Ports:', '  Name\tPort\tProtocol', '  ----\t----\t--------']);
      for (const { name, port, protocol = 'TCP' } of ports) page.line(2, `${name || '<unset>'}\t${port}\t${protocol}`);
    }
    page.line(0, '');
  }
  await eventLines(ctx, page, object);
  return page.toString();
};

export const describeEndpointSlice: Describer = async (ctx, object) => {
  const { addressType, ports, endpoints } = object as unknown as EndpointSlice;
  const page = new Page();
  headLines(page, object);
  page.line(0, `AddressType:\t${addressType}`);
  if (!ports?.length) page.line(0, 'Ports: <unset>');
  else {
    page.lines(0, ['Ports:', '  Name\tPort\tProtocol', '  ----\t----\t--------']);
    for (const { name, port, protocol = 'TCP' } of ports) page.line(1, `${name || '<unset>'}\t${port ?? '<unset>'}\t${protocol}`);
  }
  if (!endpoints?.length) page.line(0, 'Endpoints: <none>');
  else {
    page.line(0, 'Endpoints:');
    for (const { addresses, conditions, hostname, targetRef, nodeName, zone, deprecatedTopology } of endpoints) {
      page.line(1, `- Addresses:\t${addresses.join(', ')}`);
      page.line(2, 'Conditions:');
      page.line(3, `Ready:\t${conditions?.ready ?? '<unset>'}`);
      page.line(2, `Hostname:\t${hostname ?? '<unset>'}`);
      if (targetRef) page.line(2, `TargetRef:\t${targetRef.kind ?? ''}/${targetRef.name ?? ''}`);
      page.line(2, `NodeName:\t${nodeName ?? '<unset>'}`);
      page.line(2, `Zone:\t${zone ?? '<unset>'}`);
      if (deprecatedTopology && Object.keys(deprecatedTopology).length > 0)
        labelLines(page, 'Topology', deprecatedTopology, '    ');
    }
  }
  await eventLines(ctx, page, object);
  return page.toString();
};
