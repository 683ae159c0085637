/** Warnings that several parts of a pod share. */
import { parseQuantity } from '#common/api/quantity.ts';

/** Node labels that have moved, with the version and the new place. */
export const movedLabels: Readonly<Record<string, readonly [since: string, to: string]>> = {
  'beta.kubernetes.io/arch': ['v1.14', 'kubernetes.io/arch'],
  'beta.kubernetes.io/os': ['v1.14', 'kubernetes.io/os'],
  'beta.kubernetes.io/instance-type': ['v1.17', 'node.kubernetes.io/instance-type'],
  'failure-domain.beta.kubernetes.io/region': ['v1.17', 'topology.kubernetes.io/region'],
  'failure-domain.beta.kubernetes.io/zone': ['v1.17', 'topology.kubernetes.io/zone'],
};

const wholeBytes = new Set(['memory', 'ephemeral-storage', 'storage']);

/** Nobody can have half a byte. */
export function fractionWarning(path: string, resource: string, text: string | undefined): string[] {
  if (!text || !wholeBytes.has(resource) || !text.endsWith('m')) return [];
  const quantity = parseQuantity(text);
  if (!quantity || quantity.milli % 1000 === 0) return [];
  return [`${path}: fractional byte value ${JSON.stringify(quantity.text)} is invalid, must be an integer`];
}
