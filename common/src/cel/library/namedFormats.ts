/** Formats of names and other texts by name: `format.dns1123Label().validate(text)` says what is wrong, if anything. */
import {
  dns1035LabelErrors,
  dns1123LabelErrors,
  dns1123SubdomainErrors,
  labelValueErrors,
  maskTrailingDash,
  qualifiedNameErrors,
} from '#common/api/names.ts';
import { parseUrl } from '#common/api/goUrl.ts';
import { hasFormat } from '#common/api/textFormats.ts';
import { type CelFunction, fn, method } from '../environment.ts';
import { CelOpaque, CelOptional } from '../values.ts';

type Validate = (text: string) => readonly string[];

export class CelFormat extends CelOpaque {
  readonly type = 'kubernetes.NamedFormat';
  readonly name: string;
  readonly validate: Validate;
  constructor(name: string, validate: Validate) {
    super();
    this.name = name;
    this.validate = validate;
  }
  equals(other: CelOpaque): boolean {
    return other instanceof CelFormat && other.name === this.name;
  }
  toString(): string {
    return this.name;
  }
}

const asPrefix =
  (validate: Validate): Validate =>
  (text) =>
    validate(maskTrailingDash(text));

const shaped =
  (format: string, problem: string): Validate =>
  (text) =>
    hasFormat(format, text) ? [] : [problem];

const formats = [
  new CelFormat('dns1123Label', (text) => dns1123LabelErrors(text)),
  new CelFormat('dns1123Subdomain', (text) => dns1123SubdomainErrors(text)),
  new CelFormat('dns1035Label', (text) => dns1035LabelErrors(text)),
  new CelFormat(
    'dns1123LabelPrefix',
    asPrefix((text) => dns1123LabelErrors(text)),
  ),
  new CelFormat(
    'dns1123SubdomainPrefix',
    asPrefix((text) => dns1123SubdomainErrors(text)),
  ),
  new CelFormat(
    'dns1035LabelPrefix',
    asPrefix((text) => dns1035LabelErrors(text)),
  ),
  new CelFormat('qualifiedName', qualifiedNameErrors),
  new CelFormat('labelValue', labelValueErrors),
  new CelFormat('uri', (text) => {
    const found = parseUrl(text);
    return 'problem' in found ? [found.problem] : [];
  }),
  new CelFormat('uuid', shaped('uuid', 'does not match the UUID format')),
  new CelFormat('byte', shaped('byte', 'invalid base64')),
  new CelFormat('date', shaped('date', 'invalid date')),
  new CelFormat('datetime', shaped('datetime', 'invalid datetime')),
];
const byName = new Map(formats.map((format) => [format.name, format]));

const self = 'kubernetes.NamedFormat';

export const namedFormatFunctions: readonly CelFunction[] = [
  ...formats.map((format) => fn(`format.${format.name}(): ${self}`, () => format)),
  fn(`format.named(string): optional(${self})`, (name: string) => {
    const format = byName.get(name);
    return format ? new CelOptional(format) : CelOptional.none;
  }),
  method(self, 'validate(string): optional(list(string))', (format: CelFormat, text: string) => {
    const problems = format.validate(text);
    return problems.length > 0 ? new CelOptional(problems) : CelOptional.none;
  }),
];
