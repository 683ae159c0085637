/** Ingress (networking.k8s.io/v1): which HTTP hosts and paths lead to which Services. */
import type * as api from '#common/schema/generated/types.ts';
import { loadBalancerText } from './columnText.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { validateIngress } from './validation/ingress.ts';
import { validateLoadBalancerStatus } from './validation/loadBalancerStatus.ts';

const service = { group: '', kind: 'Service' };

export const Ingress = defineKind<api.Ingress>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  shortNames: ['ing'],
  namespaced: true,
  subresources: { status: true },
  prepareForCreate(ingress) {
    ingress.status = { loadBalancer: {} };
  },
  prepareForUpdate(ingress, old) {
    if (old.status) ingress.status = old.status;
    else delete ingress.status;
  },
  prepareForStatusUpdate(ingress, old) {
    if (old.spec) ingress.spec = old.spec;
  },
  validate: validateIngress,
  validateStatusUpdate: (ingress) => validateLoadBalancerStatus(ingress.status?.loadBalancer),
  columns: [
    nameColumn,
    textColumn('Class', (ingress) => ingress.spec?.ingressClassName ?? '<none>'),
    textColumn('Hosts', hostsText),
    textColumn('Address', (ingress) => loadBalancerText(ingress.status?.loadBalancer)),
    textColumn('Ports', (ingress) => (ingress.spec?.tls?.length ? '80, 443' : '80')),
    ageColumn,
  ],
  references: [
    { type: 'name', path: 'spec.ingressClassName', to: { group: 'networking.k8s.io', kind: 'IngressClass' } },
    { type: 'name', path: 'spec.defaultBackend.service.name', to: service },
    { type: 'port', path: 'spec.defaultBackend.service.port.name', of: 'service', namePath: 'spec.defaultBackend.service.name' },
    {
      type: 'port',
      path: 'spec.defaultBackend.service.port.number',
      of: 'service',
      namePath: 'spec.defaultBackend.service.name',
    },
    { type: 'object', path: 'spec.defaultBackend.resource' },
    { type: 'name', path: 'spec.rules[].http.paths[].backend.service.name', to: service },
    {
      type: 'port',
      path: 'spec.rules[].http.paths[].backend.service.port.name',
      of: 'service',
      namePath: 'spec.rules[].http.paths[].backend.service.name',
    },
    {
      type: 'port',
      path: 'spec.rules[].http.paths[].backend.service.port.number',
      of: 'service',
      namePath: 'spec.rules[].http.paths[].backend.service.name',
    },
    { type: 'object', path: 'spec.rules[].http.paths[].backend.resource' },
    { type: 'name', path: 'spec.tls[].secretName', to: { group: '', kind: 'Secret' } },
  ],
});

const shownHosts = 3;

function hostsText(ingress: api.Ingress): string {
  const rules = ingress.spec?.rules ?? [];
  const hosts = rules.slice(0, shownHosts).flatMap((rule) => (rule.host ? [rule.host] : []));
  if (!hosts.length) return '*';
  const more = rules.length - shownHosts;
  return more > 0 ? `${hosts.join(',')} + ${more} more...` : hosts.join(',');
}
