/** Requests and limits of the pod as a whole, against those of its containers; and its runtime's overhead. */
import { forbidden, invalid, notSupported } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { compareQuantities, parseQuantity } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Errors } from './fieldRules.ts';
import { containerResourceNameProblems, isHugePages, resourceNameProblems } from './resourceNames.ts';
import { sumOfContainers } from './resourceSums.ts';
import { validateResources } from './resources.ts';

const supportedText = ['cpu', 'hugepages-', 'memory'];
export const isPodLevelResource = (name: string): boolean => name === 'cpu' || name === 'memory' || isHugePages(name);

export function validatePodResources(
  spec: api.PodSpec,
  resources: api.ResourceRequirements,
  claims: ReadonlySet<string>,
  path: FieldPath,
  errors: Errors,
): void {
  if (resources.claims?.length) {
    errors.push(forbidden(path.child('claims'), 'claims may not be set for Resources at pod-level'));
  }
  for (const field of ['limits', 'requests'] as const) {
    for (const name in resources[field]) {
      if (resourceNameProblems(name).length || isPodLevelResource(name)) continue;
      errors.push(notSupported(path.child(field).key(name), name, supportedText));
    }
  }
  validateResources(resources, claims, path, errors, resourceNameProblems);
  checkRequests(spec, resources.requests ?? {}, path, errors);
  checkLimits(spec, resources.limits ?? {}, path, errors);
}

/** The pod must ask for at least what its containers ask for. */
function checkRequests(spec: api.PodSpec, requests: Record<string, string>, path: FieldPath, errors: Errors): void {
  for (const [name, sum] of sumOfContainers(spec, 'requests')) {
    const own = Object.hasOwn(requests, name) ? parseQuantity(requests[name] ?? '') : undefined;
    if (!own || !isPodLevelResource(name) || compareQuantities(own, sum) >= 0) continue;
    const text = `must be greater than or equal to aggregate container requests of ${sum.text}`;
    errors.push(invalid(path.child('requests').key(name), own.text, text));
  }
}

/** No container may be allowed more than the pod. */
function checkLimits(spec: api.PodSpec, limits: Record<string, string>, path: FieldPath, errors: Errors): void {
  const check = (containers: readonly api.Container[] | undefined, field: string): void =>
    containers?.forEach((container, i) => {
      for (const name in container.resources?.limits) {
        const own = parseQuantity(container.resources.limits[name] ?? '');
        const pod = Object.hasOwn(limits, name) ? parseQuantity(limits[name] ?? '') : undefined;
        if (!own || !pod || !isPodLevelResource(name) || compareQuantities(own, pod) <= 0) continue;
        const at = path.child(field).index(i).key(name).child('limits');
        errors.push(invalid(at, own.text, `must be less than or equal to pod limits of ${pod.text}`));
      }
    });
  check(spec.containers, 'containers');
  check(spec.initContainers, 'initContainers');
}

export function validateOverhead(overhead: Record<string, string>, path: FieldPath, errors: Errors): void {
  validateResources({ limits: overhead }, new Set(), path, errors, containerResourceNameProblems);
}
