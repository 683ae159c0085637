/** LimitRanges: fills in a container's requests and limits, and refuses pods and claims outside of the bounds. */
import { addQuantities, compareQuantities, parseQuantity, type Quantity } from '#common/api/quantity.ts';
import { forbiddenError } from '#common/api/status.ts';
import { LimitRange } from '#common/kinds/limitRange.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { AdmissionPlugin, AdmissionRequest, AdmissionState } from './admission.ts';
import { createsPod } from './podRequest.ts';

type ResourceList = Readonly<Record<string, string>>;

const annotation = 'kubernetes.io/limit-ranger';

const isClaim = ({ operation, kind }: AdmissionRequest): boolean =>
  operation !== 'DELETE' && kind.kind === 'PersistentVolumeClaim' && kind.group === '';

const itemsOf = (state: AdmissionState, namespace: string, type: string): api.LimitRangeItem[] =>
  state.list(LimitRange, namespace).flatMap(({ spec }) => (spec?.limits ?? []).filter((item) => item.type === type));

export const limitRanger: AdmissionPlugin = {
  name: 'LimitRanger',
  handles: (request) => createsPod(request) || (isClaim(request) && !request.subresource),
  mutate(request, state) {
    if (!createsPod(request)) return;
    const items = itemsOf(state, request.namespace, 'Container');
    if (items.length > 0) fill(request.object as api.Pod, items);
  },
  validate(request, state) {
    const { kind, namespace, name } = request;
    const problems = createsPod(request)
      ? podProblems(request.object as api.Pod, itemsOf(state, namespace, 'Container'), itemsOf(state, namespace, 'Pod'))
      : claimProblems(request.object as api.PersistentVolumeClaim, itemsOf(state, namespace, 'PersistentVolumeClaim'));
    const [first] = problems;
    if (!first) return;
    const text = problems.length === 1 ? first : `[${problems.join(', ')}]`;
    throw forbiddenError({ group: kind.group, resource: kind.plural }, name, text);
  },
};

/** Changes the pod and notes in an annotation what was filled in. */
function fill(pod: api.Pod, items: readonly api.LimitRangeItem[]): void {
  const requests = Object.assign({}, ...items.map((item) => item.defaultRequest ?? {})) as ResourceList;
  const limits = Object.assign({}, ...items.map((item) => item.default ?? {})) as ResourceList;
  const notes: string[] = [];
  const fillContainer = (container: api.Container, what: string): void => {
    const set = (which: 'requests' | 'limits', defaults: ResourceList): void => {
      const missing = Object.keys(defaults).filter((name) => !Object.hasOwn(container.resources?.[which] ?? {}, name));
      if (missing.length === 0) return;
      const added = Object.fromEntries(missing.map((name) => [name, defaults[name] ?? '']));
      container.resources = { ...container.resources, [which]: { ...container.resources?.[which], ...added } };
      notes.push(`${missing.sort().join(', ')} ${which.slice(0, -1)} for ${what} ${container.name}`);
    };
    set('requests', requests);
    set('limits', limits);
  };
  for (const container of pod.spec?.containers ?? []) fillContainer(container, 'container');
  for (const container of pod.spec?.initContainers ?? []) fillContainer(container, 'init container');
  if (notes.length > 0) {
    pod.metadata.annotations = { ...pod.metadata.annotations, [annotation]: `LimitRanger plugin set: ${notes.join('; ')}` };
  }
}

function podProblems(pod: api.Pod, perContainer: readonly api.LimitRangeItem[], perPod: readonly api.LimitRangeItem[]): string[] {
  const containers = pod.spec?.containers ?? [];
  const all = [...containers, ...(pod.spec?.initContainers ?? [])];
  const problems = perContainer.flatMap((item) =>
    all.flatMap(({ resources }) => outside(item, resources?.requests, resources?.limits)),
  );
  if (perPod.length === 0) return problems;
  const requests = summed(containers.map(({ resources }) => resources?.requests ?? {}));
  const limits = summed(containers.map(({ resources }) => resources?.limits ?? {}));
  return [...problems, ...perPod.flatMap((item) => outside(item, requests, limits))];
}

const claimProblems = (claim: api.PersistentVolumeClaim, items: readonly api.LimitRangeItem[]): string[] =>
  items.flatMap((item) => {
    const { min, max } = item;
    return outside(
      { type: item.type, ...(min ? { min } : {}), ...(max ? { max } : {}) },
      claim.spec?.resources?.requests,
      claim.spec?.resources?.requests,
    );
  });

function summed(lists: readonly ResourceList[]): ResourceList {
  const total = new Map<string, Quantity>();
  for (const list of lists) {
    for (const [name, text] of Object.entries(list)) {
      const amount = parseQuantity(text);
      const known = total.get(name);
      if (amount) total.set(name, known ? addQuantities(known, amount) : amount);
    }
  }
  return Object.fromEntries([...total].map(([name, amount]) => [name, amount.text]));
}

function outside(item: api.LimitRangeItem, requests: ResourceList = {}, limits: ResourceList = {}): string[] {
  const problems: string[] = [];
  const of = (list: ResourceList, name: string): Quantity | undefined =>
    Object.hasOwn(list, name) ? parseQuantity(list[name] ?? '') : undefined;
  for (const [name, bound] of entries(item.min)) {
    const head = `minimum ${name} usage per ${item.type} is ${bound.text}`;
    const [request, limit] = [of(requests, name), of(limits, name)];
    if (!request) problems.push(`${head}.  No request is specified`);
    else if (compareQuantities(request, bound) < 0) problems.push(`${head}, but request is ${request.text}`);
    else if (limit && compareQuantities(limit, bound) < 0) problems.push(`${head}, but limit is ${limit.text}`);
  }
  for (const [name, bound] of entries(item.max)) {
    const head = `maximum ${name} usage per ${item.type} is ${bound.text}`;
    const [request, limit] = [of(requests, name), of(limits, name)];
    if (!limit) problems.push(`${head}.  No limit is specified`);
    else if (compareQuantities(limit, bound) > 0) problems.push(`${head}, but limit is ${limit.text}`);
    else if (request && compareQuantities(request, bound) > 0) problems.push(`${head}, but request is ${request.text}`);
  }
  for (const [name, bound] of entries(item.maxLimitRequestRatio)) {
    const head = `${name} max limit to request ratio per ${item.type} is ${bound.text}`;
    const [request, limit] = [of(requests, name), of(limits, name)];
    if (!request || request.nano === 0n) problems.push(`${head}, but no request is specified or request is 0`);
    else if (!limit || limit.nano === 0n) problems.push(`${head}, but no limit is specified or limit is 0`);
    else {
      const ratio = Number(limit.nano) / Number(request.nano);
      if (ratio > Number(bound.nano) / 1e9) problems.push(`${head}, but provided ratio is ${ratio.toFixed(6)}`);
    }
  }
  return problems;
}

const entries = (list: ResourceList | undefined): [string, Quantity][] =>
  Object.entries(list ?? {}).flatMap(([name, text]) => {
    const quantity = parseQuantity(text);
    return quantity ? [[name, quantity]] : [];
  });
