/**
 * How endpoints are spread over slices: a pure decision. Endpoints stay in the slice they are in, new ones fill up
 * slices that change anyway, then the fullest that has room for them all, then new slices: few writes rather than few
 * slices.
 */
import { deepEqual } from '#common/base/freeze.ts';
import type * as api from '#common/schema/generated/types.ts';

export interface EndpointGroup {
  readonly ports: readonly api.DiscoveryV1EndpointPort[];
  readonly endpoints: readonly api.Endpoint[];
}

export interface SlicePlan {
  readonly create: readonly EndpointGroup[];
  /** What an existing slice shall hold. */
  readonly update: readonly SliceUpdate[];
  readonly delete: readonly api.EndpointSlice[];
}

export interface SliceUpdate extends EndpointGroup {
  readonly slice: api.EndpointSlice;
}

interface Draft {
  readonly slice: api.EndpointSlice;
  endpoints: api.Endpoint[];
  changed: boolean;
}

/** By what an endpoint is recognised from one look to the next. */
const identityOf = ({ targetRef, addresses }: api.Endpoint): string => targetRef?.uid ?? addresses.join();

export const portsKey = (ports: readonly api.DiscoveryV1EndpointPort[] | undefined | null): string =>
  JSON.stringify(
    (ports ?? []).map(({ name = '', port, protocol = 'TCP', appProtocol = '' }) => [name, port, protocol, appProtocol]).sort(),
  );

/**
 * `groups` have different ports; `isCurrent` says whether a slice's metadata is as it should be. A slice that would go and
 * is one's own is given to a group that needs a new one, so that a Service's first slice keeps its name.
 */
export function planSlices(
  groups: readonly EndpointGroup[],
  existing: readonly api.EndpointSlice[],
  maxEndpoints: number,
  isCurrent: (slice: api.EndpointSlice) => boolean,
  isOwn: (slice: api.EndpointSlice) => boolean,
): SlicePlan {
  const byPorts = new Map<string, api.EndpointSlice[]>();
  for (const slice of existing) {
    const key = portsKey(slice.ports);
    const slices = byPorts.get(key);
    if (slices) slices.push(slice);
    else byPorts.set(key, [slice]);
  }
  const create: EndpointGroup[] = [];
  const update: SliceUpdate[] = [];
  const remove: api.EndpointSlice[] = [];
  for (const group of groups) {
    const key = portsKey(group.ports);
    const planned = planGroup(group, byPorts.get(key) ?? [], maxEndpoints, isCurrent);
    byPorts.delete(key);
    create.push(...planned.create);
    update.push(...planned.update);
    remove.push(...planned.delete);
  }
  for (const slices of byPorts.values()) remove.push(...slices);
  const unused = remove.filter((slice) => {
    const group = isOwn(slice) ? create.pop() : undefined;
    if (group) update.push({ slice, ...group });
    return !group;
  });
  return { create, update, delete: unused };
}

function planGroup(
  group: EndpointGroup,
  slices: readonly api.EndpointSlice[],
  maxEndpoints: number,
  isCurrent: (slice: api.EndpointSlice) => boolean,
): SlicePlan {
  const missing = new Map(group.endpoints.map((endpoint) => [identityOf(endpoint), endpoint]));
  const drafts = slices.map((slice) => draftOf(slice, missing, isCurrent));
  const fill = (draft: Draft): void => {
    for (const [identity, endpoint] of missing) {
      if (draft.endpoints.length >= maxEndpoints) return;
      draft.endpoints.push(endpoint);
      draft.changed = true;
      missing.delete(identity);
    }
  };
  for (const draft of drafts) if (draft.changed && draft.endpoints.length > 0) fill(draft);
  if (missing.size > 0) {
    const fits = drafts.filter(({ endpoints }) => endpoints.length > 0 && endpoints.length + missing.size <= maxEndpoints);
    const fullest = fits.sort((a, b) => b.endpoints.length - a.endpoints.length)[0];
    if (fullest) fill(fullest);
  }
  // Slices that became empty are used before new ones are made.
  for (const draft of drafts) if (missing.size > 0 && draft.endpoints.length === 0) fill(draft);

  const create: EndpointGroup[] = [];
  const rest = [...missing.values()];
  for (let begin = 0; begin < rest.length; begin += maxEndpoints) {
    create.push({ ports: group.ports, endpoints: rest.slice(begin, begin + maxEndpoints) });
  }
  // One slice stays though nothing is in it, so that the Service is known to have none.
  const filled = drafts.filter((draft) => draft.endpoints.length > 0);
  const kept = filled.length + create.length > 0 ? filled : drafts.slice(0, 1);
  if (group.endpoints.length === 0 && drafts.length === 0) create.push({ ports: group.ports, endpoints: [] });
  return {
    create,
    update: kept.filter((draft) => draft.changed).map(({ slice, endpoints }) => ({ slice, endpoints, ports: slice.ports ?? [] })),
    delete: drafts.filter((draft) => !kept.includes(draft)).map(({ slice }) => slice),
  };
}

/** Stored endpoints → what was wanted when they were last found to be equal to it. */
const equals = new WeakMap<api.Endpoint, api.Endpoint>();

function sameEndpoint(stored: api.Endpoint, wanted: api.Endpoint): boolean {
  if (equals.get(stored) === wanted) return true;
  const same = deepEqual(stored, wanted);
  if (same) equals.set(stored, wanted);
  return same;
}

/** What stays in the slice of what is wanted; what stays is taken out of `missing`. */
function draftOf(
  slice: api.EndpointSlice,
  missing: Map<string, api.Endpoint>,
  isCurrent: (slice: api.EndpointSlice) => boolean,
): Draft {
  let changed = !isCurrent(slice);
  const endpoints: api.Endpoint[] = [];
  for (const endpoint of slice.endpoints ?? []) {
    const identity = identityOf(endpoint);
    const wanted = missing.get(identity);
    if (!wanted) {
      changed = true;
      continue;
    }
    missing.delete(identity);
    const same = sameEndpoint(endpoint, wanted);
    endpoints.push(same ? endpoint : wanted);
    if (!same) changed = true;
  }
  return { slice, endpoints, changed };
}
