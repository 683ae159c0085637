/**
 * What a pod can learn of itself: field references and resource field references, in environment variables and in
 * files. Pure.
 */
import { quantityMilli, quantityOf } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';

/** What is known of a pod outside of its object. */
export interface PodSelf {
  readonly pod: api.Pod;
  readonly podIP: string;
  readonly hostIP: string;
  readonly allocatable: Readonly<Record<string, string>>;
}

const subscript = /^metadata\.(annotations|labels)\['(.*)'\]$/;

export function podField(self: PodSelf, path: string): string {
  const { metadata, spec } = self.pod;
  const part = subscript.exec(path);
  if (part) {
    const map = part[1] === 'labels' ? metadata.labels : metadata.annotations;
    const key = part[2] as string;
    return map && Object.hasOwn(map, key) ? (map[key] as string) : '';
  }
  switch (path) {
    case 'metadata.name':
      return metadata.name ?? '';
    case 'metadata.namespace':
      return metadata.namespace ?? '';
    case 'metadata.uid':
      return metadata.uid ?? '';
    case 'metadata.labels':
      return mapText(metadata.labels);
    case 'metadata.annotations':
      return mapText(metadata.annotations);
    case 'spec.nodeName':
      return spec?.nodeName ?? '';
    case 'spec.serviceAccountName':
      return spec?.serviceAccountName ?? '';
    case 'status.hostIP':
    case 'status.hostIPs':
      return self.hostIP;
    case 'status.podIP':
    case 'status.podIPs':
      return self.podIP;
    default:
      return '';
  }
}

/** One `key="value"` to a line, sorted, quotes and line breaks escaped. */
const mapText = (map: Readonly<Record<string, string>> | undefined): string =>
  Object.keys(map ?? {})
    .sort()
    .map((key) => `${key}=${JSON.stringify(map?.[key] ?? '')}`)
    .join('\n');

/** A container's request or limit in units of the divisor, rounded up. An absent limit is what the node has to give. */
export function resourceField(self: PodSelf, selector: api.ResourceFieldSelector, own: string): string {
  const name = selector.containerName || own;
  const { containers = [], initContainers = [] } = self.pod.spec ?? {};
  const resources = [...containers, ...initContainers].find((container) => container.name === name)?.resources;
  const [kind, resource] = splitOnce(selector.resource);
  const map = kind === 'limits' ? resources?.limits : resources?.requests;
  const fallback = kind === 'limits' ? self.allocatable[resource] : '0';
  const amount = quantityMilli(map?.[resource] ?? fallback ?? '0');
  const divisor = selector.divisor && selector.divisor !== '0' ? quantityOf(selector.divisor).milli : 1000;
  return String(Math.ceil(amount / divisor));
}

function splitOnce(text: string): [string, string] {
  const dot = text.indexOf('.');
  return [text.slice(0, dot), text.slice(dot + 1)];
}
