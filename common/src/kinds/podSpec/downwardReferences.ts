/** References of a pod to its own fields and resources: in environment variables and in downward API volumes. */
import { invalid, notSupported, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { qualifiedNameErrors } from '#common/api/names.ts';
import { parseQuantity } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';
import { addProblems, type Errors } from './fieldRules.ts';

/** What a pod's field labels may name at all; which of them a place takes is up to the place. */
const knownFields = new Set([
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.phase',
  'status.podIP',
  'status.podIPs',
]);

const subscripted = /^(.*)\['(.*)'\]$/s;

export function validateFieldRef(
  ref: api.ObjectFieldSelector,
  allowed: readonly string[],
  path: FieldPath,
  errors: Errors,
): void {
  if (!ref.fieldPath) {
    errors.push(required(path.child('fieldPath')));
    return;
  }
  const match = subscripted.exec(ref.fieldPath);
  const problem = conversionProblem(ref, match);
  if (problem) {
    errors.push(invalid(path.child('fieldPath'), ref.fieldPath, `error converting fieldPath: ${problem}`));
    return;
  }
  if (match) {
    const key = match[2] ?? '';
    addProblems(key, qualifiedNameErrors(match[1] === 'metadata.annotations' ? key.toLowerCase() : key), path, errors);
  } else if (!allowed.includes(ref.fieldPath)) {
    errors.push(notSupported(path.child('fieldPath'), ref.fieldPath, allowed));
  }
}

function conversionProblem(ref: api.ObjectFieldSelector, match: RegExpExecArray | null): string | undefined {
  if (match) {
    const subscriptable = match[1] === 'metadata.annotations' || match[1] === 'metadata.labels';
    return subscriptable ? undefined : `field label does not support subscript: ${ref.fieldPath}`;
  }
  if (ref.apiVersion && ref.apiVersion !== 'v1') return `unsupported pod version: ${ref.apiVersion}`;
  return knownFields.has(ref.fieldPath) ? undefined : `field label not supported: ${ref.fieldPath}`;
}

const resourceFields = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
const byteDivisors = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];
const byteList = byteDivisors.join(', ');

interface DivisorRule {
  /** The resource, or how its name starts. */
  readonly resource: string;
  readonly shown: string;
  readonly divisors: readonly string[];
  readonly list: string;
}
const divisorRules: readonly DivisorRule[] = [
  { resource: 'cpu', shown: 'cpu', divisors: ['1m', '1'], list: '1m and 1' },
  { resource: 'memory', shown: 'memory', divisors: byteDivisors, list: byteList },
  { resource: 'ephemeral-storage', shown: 'local ephemeral storage', divisors: byteDivisors, list: byteList },
  { resource: 'hugepages-', shown: 'hugepages', divisors: byteDivisors, list: byteList },
];

/** `inVolume`: the container must be named, because the reference is not inside one. */
export function validateResourceFieldRef(
  ref: api.ResourceFieldSelector,
  inVolume: boolean,
  path: FieldPath,
  errors: Errors,
): void {
  if (inVolume && !ref.containerName) {
    errors.push(required(path.child('containerName')));
    return;
  }
  const resource = ref.resource ?? '';
  if (!resource) {
    errors.push(required(path.child('resource')));
    return;
  }
  const hugePages = resource.startsWith('limits.hugepages-') || resource.startsWith('requests.hugepages-');
  if (!hugePages && !resourceFields.includes(resource)) {
    errors.push(notSupported(path.child('resource'), resource, resourceFields));
  }
  checkDivisor(resource, ref.divisor, path, errors);
}

function checkDivisor(resource: string, divisor: string | undefined, path: FieldPath, errors: Errors): void {
  const given = divisor ? parseQuantity(divisor) : undefined;
  if (!given || given.nano === 0n) return;
  const name = resource.slice(resource.indexOf('.') + 1);
  const rule = divisorRules.find((candidate) => name.startsWith(candidate.resource));
  if (!rule || rule.divisors.some((text) => parseQuantity(text)?.nano === given.nano)) return;
  const text = `only divisor's values ${rule.list} are supported with the ${rule.shown} resource`;
  errors.push(invalid(path.child('divisor'), resource, text));
}
