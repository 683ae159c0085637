/** What is behind a Service: its slices, and a row for each address in them. */
import type { Block } from '#common/protocol/details.ts';
import type { DetailsTexts } from '#common/protocol/detailsTexts.ts';
import type * as api from '#common/schema/generated/types.ts';
import { cell, link, table, text, texts } from './blocks.ts';
import type { RelatedObjects } from './describeContext.ts';

export const serviceNameLabel = 'kubernetes.io/service-name';

export const slicesOf = ({ metadata }: api.Service, related: RelatedObjects): readonly api.EndpointSlice[] =>
  (related.all('EndpointSlice') as readonly api.EndpointSlice[]).filter(
    (slice) => slice.metadata.namespace === metadata.namespace && slice.metadata.labels?.[serviceNameLabel] === metadata.name,
  );

export const endpointsTable = (slices: readonly api.EndpointSlice[], t: DetailsTexts): Block[] =>
  table(
    [t.address, t.ports, t.ready, t.pod, t.node],
    slices.flatMap((slice) =>
      (slice.endpoints ?? []).map(({ addresses, conditions, targetRef, nodeName }) => [
        texts(addresses),
        texts(slice.ports?.map(({ port }) => port)),
        conditions?.ready === false ? cell(conditions.terminating ? t.terminating : t.no, 'warning') : cell(t.yes, 'good'),
        targetRef?.kind === 'Pod' ? link('v1', 'Pod', targetRef.namespace, targetRef.name) : text(targetRef?.name),
        link('v1', 'Node', '', nodeName),
      ]),
    ),
  );
