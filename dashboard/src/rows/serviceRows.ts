/** Services with the pods behind them, Ingresses with the Services behind these, network policies. */
import type * as api from '#common/schema/generated/types.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { TreeRow } from '#common/protocol/webview.ts';
import { ingressFacts, networkPolicyFacts, serviceFacts } from '../facts/serviceFacts.ts';
import { natural, ownRow, type RowSources } from './ownRow.ts';
import { groupId } from './places.ts';

const inServices = (object: KubeObject): string => groupId(object.metadata.namespace ?? '', 'services');

export function serviceRows(object: KubeObject, sources: RowSources): TreeRow[] {
  const service = object as api.Service;
  const endpoints = sources
    .slicesOf(service)
    .flatMap((slice) => (slice.endpoints ?? []).map((endpoint) => ({ endpoint, ports: slice.ports ?? [] })));
  const ready = endpoints.filter(({ endpoint }) => endpoint.conditions?.ready !== false).length;
  const facts = serviceFacts(service, { backed: endpoints.length, ready }, sources.texts);
  const { namespace = '' } = service.metadata;
  const own = ownRow('Service', service, facts);
  const podLabels = service.spec?.selector;
  const row = { ...own, ...(podLabels ? { podLabels } : {}), order: `0${own.order}`, parent: inServices(object) };
  const endpointRows = endpoints.flatMap(({ endpoint, ports }) =>
    (endpoint.addresses ?? []).map((address): TreeRow => {
      const target = endpoint.targetRef;
      return {
        id: `${row.id}/${address}`,
        parent: row.id,
        kind: 'Endpoint',
        name: target?.name ?? address,
        order: natural(target?.name ?? address),
        part: true,
        state: endpoint.conditions?.ready === false ? 'progressing' : 'ok',
        detail: ports.length ? ports.map(({ port }) => `${address}:${port}`).join(', ') : address,
        ...(target?.kind === 'Pod' ? { object: { apiVersion: 'v1', kind: 'Pod', namespace, name: target.name ?? '' } } : {}),
      };
    }),
  );
  return [row, ...endpointRows];
}

/** Below an Ingress: one row per host and path, which stands for the Service that it leads to. */
export function ingressRows(object: KubeObject): TreeRow[] {
  const ingress = object as api.Ingress;
  const own = ownRow('Ingress', object, ingressFacts(ingress));
  const row = { ...own, order: `1${own.order}`, parent: inServices(object) };
  const { namespace = '' } = object.metadata;
  const paths = (ingress.spec?.rules ?? []).flatMap(({ host = '*', http }) =>
    (http?.paths ?? []).map(({ path = '/', backend }) => ({ from: `${host}${path}`, backend })),
  );
  const all = ingress.spec?.defaultBackend ? [...paths, { from: '*', backend: ingress.spec.defaultBackend }] : paths;
  const backendRows = all.map(({ from, backend }, index): TreeRow => {
    const { name = '', port } = backend.service ?? {};
    return {
      id: `${row.id}/${index}`,
      parent: row.id,
      kind: 'Backend',
      name: from,
      order: String(index).padStart(4, '0'),
      part: true,
      state: 'none',
      detail: name
        ? `→ ${name}:${port?.number ?? port?.name ?? ''}`
        : `→ ${backend.resource?.kind ?? ''}/${backend.resource?.name ?? ''}`,
      ...(name ? { object: { apiVersion: 'v1', kind: 'Service', namespace, name } } : {}),
    };
  });
  return [row, ...backendRows];
}

export function networkPolicyRows(object: KubeObject): TreeRow[] {
  const own = ownRow('NetworkPolicy', object, networkPolicyFacts(object as api.NetworkPolicy));
  return [{ ...own, order: `2${own.order}`, parent: inServices(object) }];
}
