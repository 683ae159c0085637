/** Answers of Kubernetes 1.36.3. */
import { describe, expect, test } from 'vitest';
import { answer } from '../testing/answer.ts';

describe('formats by name', () => {
  test.each([
    ["format.dns1123Label().validate('my-label')", 'none'],
    [
      "format.dns1123Label().validate('My.Label')",
      "optional([\"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')\"])",
    ],
    ["format.dns1123Label().validate('a.b')", 'optional(["must not contain dots"])'],
    [
      "format.dns1123Label().validate('')",
      "optional([\"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')\"])",
    ],
    [
      "format.dns1123Label().validate('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')",
      'optional(["must be no more than 63 characters"])',
    ],
    ["format.dns1123LabelPrefix().validate('my-label-')", 'none'],
    [
      "format.dns1123LabelPrefix().validate('my-label.')",
      "optional([\"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')\"])",
    ],
    [
      "format.dns1123LabelPrefix().validate('-')",
      "optional([\"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')\"])",
    ],
    ["format.dns1123LabelPrefix().validate('a.-')", 'none'],
    ["format.dns1123Subdomain().validate('a.b')", 'none'],
    [
      "format.dns1123Subdomain().validate('A.b')",
      "optional([\"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')\"])",
    ],
    ["format.dns1123SubdomainPrefix().validate('a.b-')", 'none'],
    [
      "format.dns1123SubdomainPrefix().validate('a.b.')",
      "optional([\"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')\"])",
    ],
    ["format.dns1035Label().validate('a-b')", 'none'],
    [
      "format.dns1035Label().validate('1a')",
      "optional([\"a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')\"])",
    ],
    ["format.dns1035LabelPrefix().validate('a-')", 'none'],
    [
      "format.dns1035LabelPrefix().validate('1a')",
      "optional([\"a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')\"])",
    ],
    ["format.qualifiedName().validate('a.b/c')", 'none'],
    [
      "format.qualifiedName().validate('a/b/c')",
      "optional([\"a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')\"])",
    ],
    [
      "format.qualifiedName().validate('A_b/')",
      "optional([\"prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')\", \"name part must be non-empty\", \"name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')\"])",
    ],
    ["format.labelValue().validate('abc')", 'none'],
    [
      "format.labelValue().validate('a b')",
      "optional([\"a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')\"])",
    ],
    ["format.labelValue().validate('')", 'none'],
    ["format.uri().validate('https://a.b')", 'none'],
    ["format.uri().validate('a b')", 'optional(["parse \\"a b\\": invalid URI for request"])'],
    ["format.uri().validate('foo')", 'optional(["parse \\"foo\\": invalid URI for request"])'],
    ["format.uri().validate('/foo')", 'none'],
    ["format.uri().validate('https://a b/')", 'optional(["parse \\"https://a b/\\": invalid character \\" \\" in host name"])'],
    ["format.uri().validate('')", 'optional(["parse \\"\\": empty url"])'],
    ["format.uuid().validate('123e4567-e89b-12d3-a456-426614174000')", 'none'],
    ["format.uuid().validate('123e4567e89b12d3a456426614174000')", 'none'],
    ["format.uuid().validate('123E4567-E89B-12D3-A456-426614174000')", 'none'],
    ["format.uuid().validate('x')", 'optional(["does not match the UUID format"])'],
    ["format.byte().validate('aGVsbG8=')", 'none'],
    ["format.byte().validate('aGVsbG8')", 'optional(["invalid base64"])'],
    ["format.byte().validate('')", 'optional(["invalid base64"])'],
    ["format.byte().validate('a b')", 'optional(["invalid base64"])'],
    ["format.byte().validate('_-==')", 'optional(["invalid base64"])'],
    ["format.date().validate('2021-01-01')", 'none'],
    ["format.date().validate('2021-13-01')", 'optional(["invalid date"])'],
    ["format.date().validate('2021-1-1')", 'optional(["invalid date"])'],
    ["format.date().validate('')", 'optional(["invalid date"])'],
    ["format.datetime().validate('2021-01-01T00:00:00Z')", 'none'],
    ["format.datetime().validate('2021-01-01T00:00:00.123+01:00')", 'none'],
    ["format.datetime().validate('2021-01-01t00:00:00z')", 'none'],
    ["format.datetime().validate('2021-01-01')", 'optional(["invalid datetime"])'],
    ["format.datetime().validate('2021-01-01 00:00:00Z')", 'optional(["invalid datetime"])'],
    ["format.datetime().validate('2021-02-30T00:00:00Z')", 'optional(["invalid datetime"])'],
    ["format.named('dns1123Label')", 'optional(kubernetes.NamedFormat(dns1123Label))'],
    [
      "format.named('dns1123Label').value().validate('A')",
      "optional([\"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')\"])",
    ],
    ["format.named('nope')", 'none'],
    ["format.named('uri').hasValue()", 'true'],
    ["format.named('')", 'none'],
    ['format.dns1123Label() == format.dns1123Label()', 'true'],
    ['format.dns1123Label() == format.dns1035Label()', 'false'],
    ['format.dns1123Label()', 'kubernetes.NamedFormat(dns1123Label)'],
    ['type(format.dns1123Label())', 'kubernetes.NamedFormat'],
    ['kubernetes.NamedFormat', "1:1: undeclared reference to 'kubernetes' (in container '')"],
    [
      'format.foo()',
      "1:1: undeclared reference to 'format' (in container ''); 1:11: undeclared reference to 'foo' (in container '')",
    ],
    ['format.dns1123Label', "1:1: undeclared reference to 'format' (in container '')"],
    ['string(format.uri())', "1:7: found no matching overload for 'string' applied to '(kubernetes.NamedFormat)'"],
    ['format.uri().validate(1)', "1:22: found no matching overload for 'validate' applied to 'kubernetes.NamedFormat.(int)'"],
    [
      'format.ipv4()',
      "1:1: undeclared reference to 'format' (in container ''); 1:12: undeclared reference to 'ipv4' (in container '')",
    ],
    ["format.named('ipv4')", 'none'],
    ["format.named('date').value()", 'kubernetes.NamedFormat(date)'],
  ])('%s', (expression, expected) => {
    expect(answer(expression)).toBe(expected);
  });
});
