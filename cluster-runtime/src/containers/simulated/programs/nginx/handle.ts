/** One request through nginx: the location's directives decide what is answered, then it is logged. */
import { ConnectionError } from '../../../../network/network.ts';
import { dialName } from '../../net/dial.ts';
import { HttpProtocolError, readBody, requestOver } from '../../net/httpClient.ts';
import type { HttpExchange } from '../../net/httpService.ts';
import { staticFile } from '../../net/staticFiles.ts';
import type { Process } from '../../process/process.ts';
import type { Directive } from './config.ts';
import { statusPage } from './pages.ts';
import { findLocation, type Location, type Site, type Sites } from './sites.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array;
  /** A line for the error log, without time and connection. */
  readonly problem?: string;
}

interface Request {
  readonly process: Process;
  readonly version: string;
  readonly sites: Sites;
  readonly site: Site;
  readonly exchange: HttpExchange;
  readonly port: number;
}

const redirects = new Set([301, 302, 303, 307, 308]);
const internalHops = 10;

export async function answerRequest(request: Request): Promise<Answer> {
  const url = request.exchange.request.url ?? '/';
  const path = url.split('?')[0] ?? '/';
  const answer = await answerPath(request, path, 0);
  return withErrorPage(request, answer);
}

async function answerPath(request: Request, path: string, hops: number): Promise<Answer> {
  const location = findLocation(request.site, path);
  const scopes = [location?.directives ?? [], request.site.directives, request.sites.http];
  const returns = ownDirective(location?.directives, 'return') ?? ownDirective(request.site.directives, 'return');
  const extra = Object.fromEntries(
    (scopes.map((scope) => scope.filter(({ name }) => name === 'add_header')).find((found) => found.length > 0) ?? []).map(
      ({ args }) => [args[0] ?? '', expandVariables(args[1] ?? '', request, path)],
    ),
  );
  const answer = returns
    ? answerReturn(request, scopes, returns, path)
    : ownDirective(location?.directives, 'stub_status')
      ? plain(200, 'Active connections: 1 \nserver accepts handled requests\n 1 1 1 \nReading: 0 Writing: 1 Waiting: 0 \n')
      : ownDirective(location?.directives, 'proxy_pass')
        ? await answerProxy(request, location as Location, path)
        : await answerFile(request, scopes, location, path, hops);
  return answer.status < 400 ? { ...answer, headers: { ...answer.headers, ...extra } } : answer;
}

function answerReturn(request: Request, scopes: readonly (readonly Directive[])[], directive: Directive, path: string): Answer {
  const [first = '', second] = directive.args;
  const status = /^\d+$/.test(first) ? Number(first) : 302;
  const text = second ?? (/^\d+$/.test(first) ? undefined : first);
  if (redirects.has(status) && text !== undefined) {
    return {
      ...page(status, request.version),
      headers: { 'Content-Type': 'text/html', Location: expandVariables(text, request, path) },
    };
  }
  if (text === undefined) return status >= 300 ? page(status, request.version) : plain(status, '');
  const type = inherited(scopes, 'default_type')?.args[0] ?? 'text/plain';
  return { status, headers: { 'Content-Type': type }, body: expandVariables(text, request, path) };
}

async function answerFile(
  request: Request,
  scopes: readonly (readonly Directive[])[],
  location: Location | undefined,
  path: string,
  hops: number,
): Promise<Answer> {
  const { method } = request.exchange.request;
  const { container } = request.process;
  const root = inherited(scopes, 'root')?.args[0] ?? '/etc/nginx/html';
  const alias = ownDirective(location?.directives, 'alias')?.args[0];
  const index = inherited(scopes, 'index')?.args ?? ['index.html'];
  const tries = inherited(scopes.slice(0, 2), 'try_files')?.args;
  if (tries && hops < internalHops) {
    for (const candidate of tries.slice(0, -1)) {
      const target = expandVariables(candidate, request, path);
      const found = staticFile(container, root, target, index);
      if (found.kind === 'file' && (target.endsWith('/') || found.path === `${root.replace(/\/$/, '')}${target}`))
        return fileAnswer(found);
    }
    const last = tries.at(-1) ?? '';
    if (last.startsWith('=')) return page(Number(last.slice(1)) || 404, request.version);
    return answerPath(request, expandVariables(last, request, path).split('?')[0] ?? '/', hops + 1);
  }
  if (method !== 'GET' && method !== 'HEAD') return page(405, request.version);
  const found =
    alias !== undefined
      ? staticFile(container, '', alias + path.slice(location?.pattern.length ?? 0), index)
      : staticFile(container, root, path, index);
  switch (found.kind) {
    case 'file':
      return fileAnswer(found);
    case 'redirect':
      return {
        ...page(301, request.version),
        headers: {
          'Content-Type': 'text/html',
          Location: `http://${request.exchange.request.headers.host ?? 'localhost'}${path}/`,
        },
      };
    case 'forbidden':
      return { ...page(403, request.version), problem: `directory index of "${found.path}" is forbidden` };
    case 'missing':
      return { ...page(404, request.version), problem: `open() "${found.path}" failed (2: No such file or directory)` };
  }
}

function fileAnswer(found: Extract<ReturnType<typeof staticFile>, { kind: 'file' }>): Answer {
  const modified = new Date(found.mtime);
  return {
    status: 200,
    headers: {
      'Content-Type': found.type,
      'Last-Modified': modified.toUTCString(),
      ETag: `"${Math.floor(found.mtime / 1000).toString(16)}-${found.bytes.length.toString(16)}"`,
      'Accept-Ranges': 'bytes',
    },
    body: found.bytes,
  };
}

async function answerProxy(request: Request, location: Location, path: string): Promise<Answer> {
  const { exchange, process } = request;
  const target = expandVariables(ownDirective(location.directives, 'proxy_pass')?.args[0] ?? '', request, path);
  const match = /^http:\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(target);
  if (!match) return { ...page(500, request.version), problem: `invalid URL prefix in "${target}"` };
  const [, host = '', givenPort, uri] = match;
  const upstream = request.sites.http.find(({ name, args }) => name === 'upstream' && args[0] === host);
  const server = upstream?.block?.find(({ name }) => name === 'server')?.args[0]?.split(':');
  const [name = host, port = givenPort ?? '80'] = server ?? [host, givenPort ?? '80'];
  const url = exchange.request.url ?? '/';
  const forwarded = uri === undefined ? url : uri + url.slice(location.pattern.length);
  const setHeaders = location.directives.filter((directive) => directive.name === 'proxy_set_header');
  const headers = new Map<string, [string, string]>();
  const { rawHeaders } = exchange.request;
  for (let i = 0; i < rawHeaders.length; i += 2)
    headers.set((rawHeaders[i] ?? '').toLowerCase(), [rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '']);
  headers.set('host', ['Host', server ? host : `${host}${givenPort ? `:${givenPort}` : ''}`]);
  headers.set('connection', ['Connection', 'close']);
  for (const { args } of setHeaders)
    headers.set((args[0] ?? '').toLowerCase(), [args[0] ?? '', expandVariables(args[1] ?? '', request, path)]);
  const where = `upstream: "http://${name}:${port}${forwarded}"`;
  try {
    const socket = await dialName(process, name, Number(port), 60_000);
    const response = await requestOver(socket, {
      method: exchange.request.method ?? 'GET',
      path: forwarded,
      headers: [...headers.values()].filter(([, value]) => value !== ''),
      body: await exchange.body(),
    });
    const body = await readBody(response);
    const passed: Record<string, string> = {};
    for (const [header, value] of Object.entries(response.headers)) {
      if (!['connection', 'date', 'server', 'transfer-encoding', 'content-length', 'keep-alive'].includes(header)) {
        passed[header] = Array.isArray(value) ? value.join(', ') : (value ?? '');
      }
    }
    return { status: response.statusCode ?? 502, headers: passed, body };
  } catch (error) {
    if (error instanceof HttpProtocolError)
      return {
        ...page(502, request.version),
        problem: `upstream prematurely closed connection while reading response header from upstream, ${where}`,
      };
    if (!(error instanceof ConnectionError)) throw error;
    if (error.code === 'ETIMEDOUT')
      return {
        ...page(504, request.version),
        problem: `upstream timed out (110: Connection timed out) while connecting to upstream, ${where}`,
      };
    if (error.code === 'ENOTFOUND')
      return { ...page(502, request.version), problem: `${name} could not be resolved (3: Host not found)` };
    return {
      ...page(502, request.version),
      problem: `connect() failed (111: Connection refused) while connecting to upstream, ${where}`,
    };
  }
}

async function withErrorPage(request: Request, answer: Answer): Promise<Answer> {
  if (answer.status < 400) return answer;
  const rule = request.site.directives.find(
    ({ name, args }) => name === 'error_page' && args.slice(0, -1).includes(String(answer.status)),
  );
  const target = rule?.args.at(-1);
  if (!target?.startsWith('/')) return answer;
  const custom = await answerPath(request, target, internalHops);
  if (custom.status !== 200) return answer;
  const changed = rule?.args.find((arg) => arg.startsWith('='));
  return {
    ...custom,
    status: changed && changed !== '=' ? Number(changed.slice(1)) : answer.status,
    ...(answer.problem ? { problem: answer.problem } : {}),
  };
}

function expandVariables(text: string, request: Request, path: string): string {
  const { exchange, process, port } = request;
  const { headers, method, url = '/', httpVersion } = exchange.request;
  return text.replaceAll(/\$\{?([a-z_0-9]+)\}?/g, (whole, name: string) => {
    if (name.startsWith('http_')) return String(headers[name.slice(5).replaceAll('_', '-')] ?? '');
    if (name.startsWith('arg_')) return new URLSearchParams(url.split('?')[1] ?? '').get(name.slice(4)) ?? '';
    const values: Record<string, string> = {
      uri: path,
      document_uri: path,
      request_uri: url,
      request: `${method} ${url} HTTP/${httpVersion}`,
      args: url.split('?')[1] ?? '',
      query_string: url.split('?')[1] ?? '',
      is_args: url.includes('?') ? '?' : '',
      host: (headers.host ?? 'localhost').replace(/:\d+$/, '').toLowerCase(),
      hostname: process.container.spec.pod.hostname,
      request_method: method ?? '',
      remote_addr: exchange.from,
      proxy_add_x_forwarded_for: headers['x-forwarded-for']
        ? `${String(headers['x-forwarded-for'])}, ${exchange.from}`
        : exchange.from,
      scheme: 'http',
      server_port: String(port),
      server_addr: process.container.spec.pod.ip,
      server_name: request.site.names[0] ?? '',
      server_protocol: `HTTP/${httpVersion}`,
      nginx_version: request.version,
      connection_upgrade: headers.upgrade ? 'upgrade' : 'close',
    };
    return Object.hasOwn(values, name) ? (values[name] ?? '') : whole;
  });
}

function ownDirective(directives: readonly Directive[] | undefined, name: string): Directive | undefined {
  return directives?.find((directive) => directive.name === name);
}

function inherited(scopes: readonly (readonly Directive[])[], name: string): Directive | undefined {
  for (const scope of scopes) {
    const found = ownDirective(scope, name);
    if (found) return found;
  }
  return undefined;
}

function page(status: number, version: string): Answer {
  return { status, headers: { 'Content-Type': 'text/html' }, body: statusPage(status, version) };
}

function plain(status: number, body: string): Answer {
  return { status, headers: { 'Content-Type': 'text/plain' }, body };
}
