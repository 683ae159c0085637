import { expect, test } from 'vitest';
import { fieldErrorBody } from '#common/api/fieldError.ts';
import { policyText } from './evaluate.ts';
import { namespacePolicy } from './namespacePolicy.ts';

const labels = (said: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(said).map(([key, value]) => [`pod-security.kubernetes.io/${key}`, value]));

test.each<[Record<string, string>, string, string]>([
  [{}, 'privileged:latest', 'privileged:latest'],
  [{ audit: 'restricted', 'warn-version': 'v1.7' }, 'privileged:latest', 'privileged:v1.7'],
  [{ enforce: 'baseline' }, 'baseline:latest', 'baseline:latest'],
  [{ enforce: 'restricted', 'enforce-version': 'v1.18' }, 'restricted:v1.18', 'restricted:v1.18'],
  [{ enforce: 'restricted', 'enforce-version': 'v1.18', 'warn-version': 'latest' }, 'restricted:v1.18', 'restricted:latest'],
  [{ enforce: 'restricted', 'enforce-version': 'v1.18', warn: 'baseline' }, 'restricted:v1.18', 'baseline:latest'],
  [{ enforce: 'restricted', warn: 'privileged' }, 'restricted:latest', 'privileged:latest'],
  [{ warn: 'restricted', 'enforce-version': 'v1.7' }, 'privileged:v1.7', 'restricted:latest'],
  [{ enforce: 'baseline', 'enforce-version': 'v1.999' }, 'baseline:v1.999', 'baseline:v1.999'],
  // Unreadable labels, which /status lets through.
  [{ enforce: 'bogus', 'enforce-version': 'v1.18' }, 'restricted:v1.18', 'privileged:latest'],
  [{ enforce: 'baseline', warn: 'bogus' }, 'baseline:latest', 'privileged:latest'],
  [{ enforce: 'baseline', 'enforce-version': 'v1.20', 'warn-version': 'x' }, 'baseline:v1.20', 'baseline:latest'],
])('%o', (said, enforce, warn) => {
  const policy = namespacePolicy(labels(said));
  expect([policyText(policy.enforce), policyText(policy.warn)]).toEqual([enforce, warn]);
});

test('labels that mean nothing are told in the order enforce, audit, warn', () => {
  const said = {
    warn: 'x',
    'warn-version': '1.2',
    audit: '',
    'audit-version': 'v1.01',
    enforce: 'Restricted',
    'enforce-version': 'v2.0',
  };
  expect(namespacePolicy(labels(said)).errors.map((error) => `${error.path.toString()}: ${fieldErrorBody(error)}`)).toEqual([
    'metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "Restricted": must be one of privileged, baseline, restricted',
    'metadata.labels[pod-security.kubernetes.io/enforce-version]: Invalid value: "v2.0": must be "latest" or "v1.x"',
    'metadata.labels[pod-security.kubernetes.io/audit]: Invalid value: "": must be one of privileged, baseline, restricted',
    'metadata.labels[pod-security.kubernetes.io/audit-version]: Invalid value: "v1.01": must be "latest" or "v1.x"',
    'metadata.labels[pod-security.kubernetes.io/warn]: Invalid value: "x": must be one of privileged, baseline, restricted',
    'metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "1.2": must be "latest" or "v1.x"',
  ]);
});

test.each([
  ['v1.0', true],
  ['v1.36', true],
  ['latest', true],
  ['LATEST', false],
  ['', false],
  ['v1', false],
  ['v1.-1', false],
  ['v1.2.3', false],
  ['v1.99999999999999999999', false],
])('the version "%s"', (version, good) => {
  expect(namespacePolicy(labels({ 'enforce-version': version })).errors.length === 0).toBe(good);
});
