/** The names that resources may have: native ones (`cpu`), huge pages, and extended ones (`example.com/gpu`). */
import { qualifiedNameErrors } from '#common/api/names.ts';

const containerResources = new Set(['cpu', 'memory', 'ephemeral-storage']);
const standardResources = new Set([
  ...containerResources,
  ...['cpu', 'memory', 'ephemeral-storage', 'storage'].map((name) => `requests.${name}`),
  ...['cpu', 'memory', 'ephemeral-storage'].map((name) => `limits.${name}`),
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'storage',
  'services.nodeports',
  'services.loadbalancers',
]);
const countedResources = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);

export const isHugePages = (name: string): boolean => name.startsWith('hugepages-');

/** Without a domain, or in `kubernetes.io`. */
export const isNativeResource = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');

/** Resources of a vendor's domain: whole numbers, never overcommitted. */
export const isExtendedResource = (name: string): boolean =>
  !isNativeResource(name) && !name.startsWith('requests.') && qualifiedNameErrors(`requests.${name}`).length === 0;

/** Whether requests may stay below limits. */
export const allowsOvercommit = (name: string): boolean => isNativeResource(name) && !isHugePages(name);

/** Whether fractions make no sense. */
export const isIntegerResource = (name: string): boolean => countedResources.has(name) || isExtendedResource(name);

/** Known to Kubernetes by a plain name, somewhere: in containers, quotas or claims. */
export const isStandardResource = (name: string): boolean =>
  standardResources.has(name) || isHugePages(name) || name.startsWith('requests.hugepages-');

export const isContainerResource = (name: string): boolean => containerResources.has(name) || isHugePages(name);

/** Problems of a resource's name wherever resources are named. */
export function resourceNameProblems(name: string): string[] {
  const problems = qualifiedNameErrors(name);
  if (problems.length) return problems;
  return name.includes('/') || isStandardResource(name) ? [] : ['must be a standard resource type or fully qualified'];
}

/** Problems of a resource's name in a container's requests or limits. */
export function containerResourceNameProblems(name: string): string[] {
  if (containerResources.has(name)) return [];
  const problems = [...resourceNameProblems(name)];
  if (!name.includes('/')) {
    if (!isContainerResource(name)) problems.push('must be a standard resource for containers');
  } else if (!isNativeResource(name) && !isExtendedResource(name)) {
    problems.push("doesn't follow extended resource name standard");
  }
  return problems;
}
