/** URLs as values, and their parts. */
import { type GoUrl, hostnameOf, parseUrl, portOf, queryParameters } from '#common/api/goUrl.ts';
import { type CelFunction, fn, method } from '../environment.ts';
import { CelError, CelMap, CelOpaque } from '../values.ts';

export class CelUrl extends CelOpaque {
  readonly type = 'kubernetes.URL';
  readonly url: GoUrl;
  constructor(url: GoUrl) {
    super();
    this.url = url;
  }
  equals(other: CelOpaque): boolean {
    return other instanceof CelUrl && other.url.text === this.url.text;
  }
  toString(): string {
    return this.url.text;
  }
}

function url(text: string): CelUrl {
  const found = parseUrl(text);
  if ('problem' in found) throw new CelError(`URL parse error during conversion from string: ${found.problem}`);
  return new CelUrl(found);
}

function query({ url: { query: text } }: CelUrl): CelMap {
  const byName = new Map<string, string[]>();
  for (const [name, value] of queryParameters(text)) {
    const values = byName.get(name);
    if (values) values.push(value);
    else byName.set(name, [value]);
  }
  return new CelMap(byName);
}

const self = 'kubernetes.URL';

export const urlFunctions: readonly CelFunction[] = [
  fn(`url(string): ${self}`, url),
  fn('isURL(string): bool', (text: string) => !('problem' in parseUrl(text))),
  method(self, 'getScheme(): string', ({ url: { scheme } }: CelUrl) => scheme),
  method(self, 'getHost(): string', ({ url: { host } }: CelUrl) => host),
  method(self, 'getHostname(): string', ({ url: { host } }: CelUrl) => hostnameOf(host)),
  method(self, 'getPort(): string', ({ url: { host } }: CelUrl) => portOf(host)),
  method(self, 'getEscapedPath(): string', ({ url: { escapedPath } }: CelUrl) => escapedPath),
  method(self, 'getQuery(): map(string, list(string))', query),
];
