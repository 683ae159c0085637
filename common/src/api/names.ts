/**
 * What names, labels and other short texts may look like: each validator gives the problems of a value in the words of
 * Kubernetes 1.36, none when it is fine. Where a value stands, and what quotes it, is the caller's business.
 */

/** The pattern that must cover the whole of a value, and the sentence that says so. */
interface Format {
  readonly whole: RegExp;
  readonly problem: string;
}

function format(pattern: string, sentence: string, ...examples: string[]): Format {
  const eg = examples.map((example) => `'${example}', `).join(' or ');
  return {
    whole: new RegExp(`^(?:${pattern})$`),
    problem: `${sentence} (${examples.length ? `e.g. ${eg}` : ''}regex used for validation is '${pattern}')`,
  };
}

const label1123 = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain1123 = `${label1123}(\\.${label1123})*`;
const underscoreLabel = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const qualifiedNamePart = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const alphanumericEnds = 'and must start and end with an alphanumeric character';

const dns1123Label = format(
  label1123,
  `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', ${alphanumericEnds}`,
  'my-name',
  '123-abc',
);
const dns1123Subdomain = format(
  subdomain1123,
  `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', ${alphanumericEnds}`,
  'example.com',
);
const dns1123SubdomainWithUnderscore = format(
  `${underscoreLabel}(\\.${underscoreLabel})*`,
  `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', ${alphanumericEnds}`,
  'example.com',
);
const dns1035Label = format(
  '[a-z]([-a-z0-9]*[a-z0-9])?',
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, " +
    'and end with an alphanumeric character',
  'my-name',
  'abc-123',
);
const wildcardSubdomain = format(
  `\\*\\.${subdomain1123}`,
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower " +
    "case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  '*.example.com',
);
const namePart = format(
  qualifiedNamePart,
  `must consist of alphanumeric characters, '-', '_' or '.', ${alphanumericEnds}`,
  'MyName',
  'my.name',
  '123-abc',
);
const labelValue = format(
  `(${qualifiedNamePart})?`,
  `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', ${alphanumericEnds}`,
  'MyValue',
  'my_value',
  '12345',
);
const cIdentifier = format(
  '[A-Za-z_][A-Za-z0-9_]*',
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
  'my_name',
  'MY_NAME',
  'MyName',
);
const configMapKey = format(
  '[-._a-zA-Z0-9]+',
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  'key.name',
  'KEY_NAME',
  'key-name',
);
const httpHeader = format('[-A-Za-z0-9]+', "a valid HTTP header must consist of alphanumeric characters or '-'", 'X-Header-Name');
const percent = format('[0-9]+%', "a valid percent string must be a numeric string followed by an ending '%'", '1%', '93%');
const httpPath = format(
  "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+",
  'a valid path must contain only valid characters allowed in a URL path',
  '/',
);

const matches = (value: string, { whole, problem }: Format): string[] => (whole.test(value) ? [] : [problem]);

const encoder = new TextEncoder();
const ascii = /^[\0-\x7f]*$/;
/** Lengths are counted in bytes of UTF-8. */
export const byteLength = (text: string): number => (ascii.test(text) ? text.length : encoder.encode(text).length);

/** Names that are validated by hand say "characters", the newer, declared rules say "bytes"; both count bytes. */
export type LengthUnit = 'characters' | 'bytes';

const within = (value: string, most: number, unit: LengthUnit): string[] =>
  byteLength(value) > most ? [maxLengthProblem(most, unit)] : [];

export const maxLengthProblem = (most: number, unit: LengthUnit = 'characters'): string => `must be no more than ${most} ${unit}`;

/** Names of namespaces, containers, volumes: at most 63 lower-case letters, digits and dashes. */
export function dns1123LabelErrors(value: string, unit: LengthUnit = 'characters'): string[] {
  const errors = within(value, 63, unit);
  if (dns1123Label.whole.test(value)) return errors;
  return [...errors, dns1123Subdomain.whole.test(value) ? 'must not contain dots' : dns1123Label.problem];
}

/** Names of most objects: labels joined with dots, 253 at most. */
export const dns1123SubdomainErrors = (value: string, unit: LengthUnit = 'characters'): string[] => [
  ...within(value, 253, unit),
  ...matches(value, dns1123Subdomain),
];

/** Search domains of a pod's DNS config. */
export const dns1123SubdomainWithUnderscoreErrors = (value: string): string[] => [
  ...within(value, 253, 'characters'),
  ...matches(value, dns1123SubdomainWithUnderscore),
];

/** Names that must start with a letter, because they become parts of DNS names of the old kind. */
export const dns1035LabelErrors = (value: string): string[] => [
  ...within(value, 63, 'characters'),
  ...matches(value, dns1035Label),
];

/** Hosts of ingress rules such as `*.example.com`. */
export const wildcardSubdomainErrors = (value: string): string[] => [
  ...within(value, 253, 'characters'),
  ...matches(value, wildcardSubdomain),
];

/** Keys of labels, annotations, taints, resources: `name` or `prefix.example.com/name`. */
export function qualifiedNameErrors(value: string): string[] {
  const parts = value.split('/');
  if (parts.length > 2) {
    return [`a valid label key ${namePart.problem} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const errors: string[] = [];
  const [prefix, name] = parts.length === 2 ? [parts[0] ?? '', parts[1] ?? ''] : [undefined, value];
  if (prefix === '') errors.push('prefix part must be non-empty');
  else if (prefix !== undefined) errors.push(...dns1123SubdomainErrors(prefix, 'bytes').map((e) => `prefix part ${e}`));
  if (name === '') errors.push('name part must be non-empty');
  else if (byteLength(name) > 63) errors.push('name part must be no more than 63 bytes');
  if (!namePart.whole.test(name)) errors.push(`name part ${namePart.problem}`);
  return errors;
}

export const labelKeyErrors = qualifiedNameErrors;

export const labelValueErrors = (value: string): string[] => [...within(value, 63, 'bytes'), ...matches(value, labelValue)];

/** Named ports (IANA service names): at most 15 lower-case letters, digits and single dashes, with a letter among them. */
export function portNameErrors(value: string): string[] {
  const errors = within(value, 15, 'characters');
  if (!/^[-a-z0-9]*$/.test(value)) errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(value)) errors.push('must contain at least one letter (a-z)');
  if (value.includes('--')) errors.push('must not contain consecutive hyphens');
  if (value.startsWith('-') || value.endsWith('-')) errors.push('must not begin or end with a hyphen');
  return errors;
}

/** Names of environment variables: printable ASCII without `=`. */
export function envVarNameErrors(value: string): string[] {
  if (value === '') return ['environment variable name must be non-empty'];
  return /^[ -<>-~]+$/.test(value)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

export const cIdentifierErrors = (value: string): string[] => matches(value, cIdentifier);

/** Keys of ConfigMaps and Secrets, which become file names. */
export function configMapKeyErrors(value: string): string[] {
  const errors = [...within(value, 253, 'characters'), ...matches(value, configMapKey)];
  if (value === '.') errors.push("must not be '.'");
  else if (value === '..') errors.push("must not be '..'");
  else if (value.startsWith('..')) errors.push("must not start with '..'");
  return errors;
}

export const httpHeaderNameErrors = (value: string): string[] => matches(value, httpHeader);
export const percentErrors = (value: string): string[] => matches(value, percent);
export const httpPathErrors = (value: string): string[] => matches(value, httpPath);

/** Names that need only fit into a URL's path: RBAC's and a few more. */
export function pathSegmentNameErrors(value: string, prefix = false): string[] {
  const errors: string[] = [];
  if (!prefix && (value === '.' || value === '..')) return [`may not be '${value}'`];
  for (const illegal of ['/', '%']) if (value.includes(illegal)) errors.push(`may not contain '${illegal}'`);
  return errors;
}

/** A name of at least `segments` dotted parts, as webhooks have. */
export function fullyQualifiedNameErrors(value: string, segments = 3): string[] {
  const errors = dns1123SubdomainErrors(value);
  if (errors.length) return errors;
  return value.split('.').length < segments ? ['should be a domain with at least three segments separated by dots'] : [];
}

/** `example.com/thing`: a domain, a slash and a path. */
export function domainPrefixedPathErrors(value: string): string[] {
  const slash = value.indexOf('/');
  if (slash <= 0 || slash === value.length - 1) return ['must be a domain-prefixed path (such as "acme.io/foo")'];
  const domainErrors = dns1123SubdomainErrors(value.slice(0, slash));
  return domainErrors.length ? domainErrors : httpPathErrors(value.slice(slash + 1));
}

export const rangeProblem = (least: number, most: number): string => `must be between ${least} and ${most}, inclusive`;
export const portNumberErrors = (port: number): string[] =>
  Number.isInteger(port) && port >= 1 && port <= 65535 ? [] : [rangeProblem(1, 65535)];

/**
 * A generateName may end in a dash, because a suffix follows: this stands in for the finished name, so that the
 * validators of whole names can judge it.
 */
export const maskTrailingDash = (prefix: string): string =>
  prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix;
