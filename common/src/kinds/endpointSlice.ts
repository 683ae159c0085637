/** EndpointSlice (discovery.k8s.io/v1): up to 1,000 addresses of a Service. Written at every change of a pod's readiness. */
import type * as api from '#common/schema/generated/types.ts';
import { firstFew } from './columnText.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { validateEndpointSlice } from './validation/endpointSlice.ts';
import { immutable, sameValue } from './validation/values.ts';
import { FieldPath } from '#common/api/fieldPath.ts';

export const EndpointSlice = defineKind<api.EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
  applyDefaults(slice) {
    for (const port of slice.ports ?? []) {
      port.name ??= '';
      port.protocol ??= 'TCP';
    }
  },
  prepareForCreate: dropTopology,
  prepareForUpdate: dropTopology,
  validate: validateEndpointSlice,
  validateUpdate: (slice, old) => immutable(FieldPath.of('addressType'), slice.addressType, old.addressType),
  // Labels say which Service a slice belongs to, so they count as content.
  specChanged: (slice, old) =>
    !sameValue(slice.metadata.labels, old.metadata.labels) ||
    slice.addressType !== old.addressType ||
    !sameValue(slice.endpoints, old.endpoints) ||
    !sameValue(slice.ports, old.ports),
  columns: [
    nameColumn,
    textColumn('AddressType', (slice) => slice.addressType),
    textColumn('Ports', (slice) => firstFew((slice.ports ?? []).map(portText)) || '<unset>'),
    textColumn('Endpoints', addressesText),
    ageColumn,
  ],
  references: [
    { type: 'object', path: 'endpoints[].targetRef' },
    { type: 'name', path: 'endpoints[].nodeName', to: { group: '', kind: 'Node' } },
  ],
});

/** The topology map is from a version that is gone; it cannot be written any more. */
function dropTopology(slice: api.EndpointSlice): void {
  if (!slice.endpoints?.some((endpoint) => endpoint.deprecatedTopology)) return;
  slice.endpoints = slice.endpoints.map(({ deprecatedTopology: _, ...endpoint }) => endpoint);
}

const shownAddresses = 3;

function portText(port: api.DiscoveryV1EndpointPort): string {
  return port.port === undefined ? (port.name ?? '*') : `${port.port}`;
}

function addressesText(slice: api.EndpointSlice): string {
  const first: string[] = [];
  let total = 0;
  for (const { addresses } of slice.endpoints ?? []) {
    total += addresses?.length ?? 0;
    if (first.length < shownAddresses) first.push(...(addresses ?? []));
  }
  return firstFew(first, total) || '<unset>';
}
