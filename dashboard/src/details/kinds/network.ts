/** What is told of Services and Ingresses: where they listen, and what is behind. */
import type { DetailValue } from '#common/protocol/details.ts';
import type * as api from '#common/schema/generated/types.ts';
import { cell, code, facts, labels, link, list, section, table, text, texts } from '../blocks.ts';
import type { Describe } from '../describeContext.ts';
import { endpointsTable, slicesOf } from '../endpoints.ts';

export const describeService: Describe<api.Service> = (service, { texts: t, related }) => {
  const { spec, status } = service;
  return [
    ...section(
      'facts',
      'Service',
      facts(
        [t.type, text(spec?.type)],
        [t.clusterIp, texts(spec?.clusterIPs ?? [spec?.clusterIP])],
        [t.externalIps, texts(spec?.externalIPs)],
        [t.externalName, text(spec?.externalName)],
        [t.loadBalancer, texts(status?.loadBalancer?.ingress?.map(({ ip, hostname }) => ip ?? hostname))],
        [t.selector, labels(spec?.selector)],
        [t.sessionAffinity, spec?.sessionAffinity === 'None' ? undefined : text(spec?.sessionAffinity)],
        [t.externalTraffic, text(spec?.externalTrafficPolicy)],
        [t.internalTraffic, spec?.internalTrafficPolicy === 'Cluster' ? undefined : text(spec?.internalTrafficPolicy)],
        [t.ipFamilies, text([spec?.ipFamilyPolicy, ...(spec?.ipFamilies ?? [])].filter((part) => part).join(' '))],
      ),
      table(
        [t.name, t.port, t.targetPort, t.nodePort],
        (spec?.ports ?? []).map(({ name, port, protocol = 'TCP', targetPort, nodePort }) => [
          text(name),
          cell(`${port}/${protocol}`),
          text(targetPort),
          text(nodePort),
        ]),
      ),
    ),
    ...section('endpoints', t.endpoints, endpointsTable(slicesOf(service, related), t)),
  ];
};

export const describeIngress: Describe<api.Ingress> = ({ spec, status, metadata }, { texts: t }) => {
  const namespace = metadata.namespace ?? '';
  return section(
    'facts',
    'Ingress',
    facts(
      [t.ingressClass, link('networking.k8s.io/v1', 'IngressClass', '', spec?.ingressClassName)],
      [t.address, texts(status?.loadBalancer?.ingress?.map(({ ip, hostname }) => ip ?? hostname))],
      [t.defaultBackend, backendValue(spec?.defaultBackend, namespace)],
    ),
    table(
      [t.host, t.path, t.type, t.backend],
      (spec?.rules ?? []).flatMap(({ host, http }) =>
        (http?.paths ?? []).map(({ path, pathType, backend }) => [
          cell(host ?? '*'),
          code(path ?? '/'),
          text(pathType),
          backendValue(backend, namespace),
        ]),
      ),
    ),
    table(
      ['TLS', t.host],
      (spec?.tls ?? []).map(({ secretName, hosts }) => [link('v1', 'Secret', namespace, secretName), texts(hosts)]),
    ),
  );
};

function backendValue(backend: api.IngressBackend | undefined, namespace: string): DetailValue | undefined {
  if (backend?.resource) return text(`${backend.resource.kind} ${backend.resource.name}`);
  const { name, port } = backend?.service ?? {};
  return list([link('v1', 'Service', namespace, name, `${name ?? ''}:${port?.name ?? port?.number ?? ''}`)]);
}
