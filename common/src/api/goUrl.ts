/** URLs as Go's `net/url` reads those of requests: with a scheme, or a path that begins with a slash. Problems in its words. */
import { goQuoted } from './goText.ts';

export interface GoUrl {
  readonly scheme: string;
  /** With the port, as it is written without escapes. */
  readonly host: string;
  /** With its escapes. */
  readonly escapedPath: string;
  readonly query: string;
  /** The whole, in canonical form. */
  readonly text: string;
}

class UrlProblem extends Error {}

/** What is wrong with it instead, as in `parse "a b": invalid URI for request`. */
export function parseUrl(text: string): GoUrl | { readonly problem: string } {
  try {
    // A fragment must be well written, and is part of nothing else.
    const whole = read(text);
    const mark = text.indexOf('#');
    return mark < 0 ? whole : { ...read(text.slice(0, mark)), text: whole.text };
  } catch (error) {
    if (error instanceof UrlProblem) return { problem: `parse ${goQuoted(text)}: ${error.message}` };
    throw error;
  }
}

function read(text: string): GoUrl {
  if (/[\x00-\x1f\x7f]/.test(text)) throw new UrlProblem('net/url: invalid control character in URL');
  if (text === '') throw new UrlProblem('empty url');
  if (text === '*') return { scheme: '', host: '', escapedPath: '*', query: '', text };
  if (text.startsWith(':')) throw new UrlProblem('missing protocol scheme');
  const [begun = '', name = ''] = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text) ?? [];
  const scheme = name.toLowerCase();
  const mark = text.indexOf('?', begun.length);
  const query = mark < 0 ? '' : text.slice(mark + 1);
  const rest = text.slice(begun.length, mark < 0 ? undefined : mark);
  const suffix = mark < 0 ? '' : `?${query}`;
  const prefix = scheme ? `${scheme}:` : '';
  if (!rest.startsWith('/')) {
    if (!scheme) throw new UrlProblem('invalid URI for request');
    return { scheme, host: '', escapedPath: '', query, text: `${prefix}${rest}${suffix}` };
  }
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'));
  const [, authority = '', path = rest] = hasAuthority ? (/^\/\/([^/]*)([^]*)$/.exec(rest) ?? []) : [];
  const host = hostOf(authority);
  const escapedPath = escapedPathOf(path);
  const written = hasAuthority ? `//${authority}` : '';
  return { scheme, host, escapedPath, query, text: `${prefix}${written}${escapedPath}${suffix}` };
}

function hostOf(authority: string): string {
  const sign = authority.lastIndexOf('@');
  const host = readHost(authority.slice(sign + 1));
  if (sign < 0) return host;
  const user = authority.slice(0, sign);
  if (/[^A-Za-z0-9\-._:~!$&'()*+,;=%@]/.test(user)) throw new UrlProblem('net/url: invalid userinfo');
  checkEscapes(user);
  return host;
}

function readHost(host: string): string {
  if (host.includes('[')) {
    if (!host.startsWith('[')) throw new UrlProblem(badCharacter('['));
    const end = host.lastIndexOf(']');
    if (end < 0) throw new UrlProblem("missing ']' in host");
    checkPort(host.slice(end + 1));
    const zone = host.slice(0, end).indexOf('%25');
    if (zone < 0) return unescapedHost(host);
    return `${unescapedHost(host.slice(0, zone))}${decoded(host.slice(zone, end))}${unescapedHost(host.slice(end))}`;
  }
  const colon = host.indexOf(':');
  if (colon >= 0) checkPort(host.slice(colon));
  return unescapedHost(host);
}

function checkPort(text: string): void {
  if (!/^(?::\d*)?$/.test(text)) throw new UrlProblem(`invalid port ${goQuoted(text)} after host`);
}

const badCharacter = (character: string): string => `invalid character ${goQuoted(character)} in host name`;

/** Escapes in hosts may stand for what is not ASCII, and for nothing else. */
function unescapedHost(host: string): string {
  checkEscapes(host, /^[89a-fA-F]/);
  const refused = /[ \\^`{|}]/.exec(host)?.[0];
  if (refused !== undefined) throw new UrlProblem(badCharacter(refused));
  return decoded(host);
}

function checkEscapes(text: string, allowed = /^/): void {
  for (const { index } of text.matchAll(/%/g)) {
    const escape = text.slice(index, index + 3);
    if (!/^%[0-9a-fA-F]{2}$/.test(escape) || !allowed.test(escape.slice(1))) {
      throw new UrlProblem(`invalid URL escape ${goQuoted(escape)}`);
    }
  }
}

/** The path as it is when all of it may stand in a path; else with the escapes that it needs, and no others. */
function escapedPathOf(path: string): string {
  checkEscapes(path);
  if (/^[A-Za-z0-9\-._~!$&'()*+,;=:@/[\]%]*$/.test(path)) return path;
  return escaped(bytesOf(path));
}

function escaped(bytes: readonly number[]): string {
  return bytes
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9\-._~$&+,/:;=@]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

function bytesOf(text: string): number[] {
  const bytes: number[] = [];
  for (const part of text.match(/%[0-9a-fA-F]{2}|[^%]+|%/g) ?? []) {
    if (/^%[0-9a-fA-F]{2}$/.test(part)) bytes.push(parseInt(part.slice(1), 16));
    else bytes.push(...new TextEncoder().encode(part));
  }
  return bytes;
}

const decoded = (text: string): string => new TextDecoder().decode(Uint8Array.from(bytesOf(text)));

/** A host without its port, and without the brackets of an IPv6 address. */
export function hostnameOf(host: string): string {
  const [, name = ''] = /^(.*?)(?::\d*)?$/.exec(host) ?? [];
  return /^\[.*\]$/.test(name) ? name.slice(1, -1) : name;
}

export const portOf = (host: string): string => /:(\d*)$/.exec(host)?.[1] ?? '';

/** The parameters in order, the same one several times; those with broken escapes are left out. */
export function queryParameters(query: string): [name: string, value: string][] {
  const found: [string, string][] = [];
  for (const part of query.split('&')) {
    if (part === '' || part.includes(';') || /%(?![0-9a-fA-F]{2})/.test(part)) continue;
    const equals = part.indexOf('=');
    const [name, value] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
    found.push([decoded(name.replaceAll('+', ' ')), decoded(value.replaceAll('+', ' '))]);
  }
  return found;
}
