import { describe, expect, test } from 'vitest';
import { FieldPath } from './fieldPath.ts';
import { aggregateText } from './fieldError.ts';
import { annotationErrors, labelErrors } from './labelErrors.ts';
import * as names from './names.ts';

const label =
  /^a lowercase RFC 1123 label must consist of .* regex used for validation is '\[a-z0-9\]\(\[-a-z0-9\]\*\[a-z0-9\]\)\?'\)$/;

describe('names', () => {
  test('RFC 1123 labels', () => {
    expect(names.dns1123LabelErrors('my-name')).toEqual([]);
    expect(names.dns1123LabelErrors('my.name')).toEqual(['must not contain dots']);
    expect(names.dns1123LabelErrors('My')).toEqual([expect.stringMatching(label)]);
    expect(names.dns1123LabelErrors('a'.repeat(64))).toEqual(['must be no more than 63 characters']);
    expect(names.dns1123LabelErrors('-'.repeat(64))).toEqual([
      'must be no more than 63 characters',
      expect.stringMatching(label),
    ]);
  });

  test('RFC 1123 subdomains', () => {
    expect(names.dns1123SubdomainErrors('example.com')).toEqual([]);
    expect(names.dns1123SubdomainErrors('A')).toEqual([
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ]);
    expect(names.dns1123SubdomainErrors('a'.repeat(254), 'bytes')).toEqual(['must be no more than 253 bytes']);
  });

  test('RFC 1035 labels', () => {
    expect(names.dns1035LabelErrors('a1')).toEqual([]);
    expect(names.dns1035LabelErrors('1a')).toEqual([
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
    ]);
  });

  test('qualified names', () => {
    expect(names.qualifiedNameErrors('example.com/My_Name')).toEqual([]);
    expect(names.qualifiedNameErrors('/a')).toEqual(['prefix part must be non-empty']);
    expect(names.qualifiedNameErrors('')).toEqual([
      'name part must be non-empty',
      expect.stringMatching(/^name part must consist/),
    ]);
    expect(names.qualifiedNameErrors('A_b/c')).toEqual([expect.stringMatching(/^prefix part a lowercase RFC 1123 subdomain/)]);
    expect(names.qualifiedNameErrors('a'.repeat(64))).toEqual(['name part must be no more than 63 bytes']);
    expect(names.qualifiedNameErrors('a/b/c')).toEqual([
      expect.stringMatching(
        /^a valid label key must consist .* with an optional DNS subdomain prefix and '\/' \(e\.g\. 'example\.com\/MyName'\)$/,
      ),
    ]);
  });

  test('port names', () => {
    expect(names.portNameErrors('http-2')).toEqual([]);
    expect(names.portNameErrors('80')).toEqual(['must contain at least one letter (a-z)']);
    expect(names.portNameErrors('a--b-')).toEqual([
      'must not contain consecutive hyphens',
      'must not begin or end with a hyphen',
    ]);
    expect(names.portNameErrors('HTTPX')).toEqual([
      'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      'must contain at least one letter (a-z)',
    ]);
    expect(names.portNameErrors('a'.repeat(16))).toEqual(['must be no more than 15 characters']);
  });

  test.each([
    ['a', []],
    ['.', ["must not be '.'"]],
    ['..', ["must not be '..'"]],
    ['..a', ["must not start with '..'"]],
  ])('config map key %s', (key, errors) => {
    expect(names.configMapKeyErrors(key)).toEqual(errors);
  });

  test('the others', () => {
    expect(names.envVarNameErrors('a b.1')).toEqual([]);
    expect(names.envVarNameErrors('a=b')).toEqual([
      "a valid environment variable name must consist only of printable ASCII characters other than '='",
    ]);
    expect(names.wildcardSubdomainErrors('*.example.com')).toEqual([]);
    expect(names.wildcardSubdomainErrors('*')).toEqual([expect.stringMatching(/^a wildcard DNS-1123 subdomain must start/)]);
    expect(names.percentErrors('25%X')).toEqual([
      "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
    ]);
    expect(names.httpHeaderNameErrors('X-A')).toEqual([]);
    expect(names.cIdentifierErrors('1a')).toEqual([expect.stringMatching(/^a valid C identifier/)]);
    expect(names.pathSegmentNameErrors('a/b%')).toEqual(["may not contain '/'", "may not contain '%'"]);
    expect(names.pathSegmentNameErrors('..')).toEqual(["may not be '..'"]);
    expect(names.fullyQualifiedNameErrors('a.b')).toEqual(['should be a domain with at least three segments separated by dots']);
    expect(names.domainPrefixedPathErrors('Bogus')).toEqual(['must be a domain-prefixed path (such as "acme.io/foo")']);
    expect(names.portNumberErrors(0)).toEqual(['must be between 1 and 65535, inclusive']);
    expect(names.maskTrailingDash('web-')).toBe('wea');
  });

  test('lengths count bytes', () => {
    expect(names.byteLength('é')).toBe(2);
  });
});

describe('labels and annotations', () => {
  const path = FieldPath.of('metadata', 'labels');

  test('keys and values of labels', () => {
    expect(labelErrors(path, { app: 'web' })).toEqual([]);
    expect(aggregateText(labelErrors(path, { a: 'x'.repeat(64) }))).toBe(
      `metadata.labels: Invalid value: "${'x'.repeat(64)}": must be no more than 63 bytes`,
    );
  });

  test('upper case does not matter in annotation keys, size does', () => {
    expect(annotationErrors(path, { 'EXAMPLE.com/a': '1' })).toEqual([]);
    expect(aggregateText(annotationErrors(path, { a: 'x'.repeat(262144) }))).toBe(
      'metadata.labels: Too long: may not be more than 262144 bytes',
    );
  });
});
