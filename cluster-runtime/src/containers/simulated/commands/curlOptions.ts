/** `curl`'s command line. */

export interface CurlOptions {
  urls: string[];
  method: string | undefined;
  headers: [string, string][];
  data: string[];
  form: boolean;
  getData: boolean;
  output: string | undefined;
  remoteName: boolean;
  silent: boolean;
  showError: boolean;
  verbose: boolean;
  include: boolean;
  head: boolean;
  fail: boolean;
  failWithBody: boolean;
  location: boolean;
  user: string | undefined;
  agent: string | undefined;
  maxTime: number | undefined;
  connectTimeout: number | undefined;
  writeOut: string | undefined;
  resolve: string[];
  retry: number;
  retryDelay: number;
  retryAll: boolean;
  version: boolean;
  dumpHeader: string | undefined;
  insecure: boolean;
  cacert: string | undefined;
}

export class CurlUsage extends Error {}

const withValue: Readonly<Record<string, string>> = {
  X: 'request',
  H: 'header',
  d: 'data',
  o: 'output',
  u: 'user',
  A: 'user-agent',
  m: 'max-time',
  w: 'write-out',
  D: 'dump-header',
  e: 'referer',
  b: 'cookie',
  F: 'form',
  x: 'proxy',
  E: 'cert',
  T: 'upload-file',
};
const withoutValue: Readonly<Record<string, string>> = {
  s: 'silent',
  S: 'show-error',
  v: 'verbose',
  i: 'include',
  I: 'head',
  f: 'fail',
  L: 'location',
  k: 'insecure',
  O: 'remote-name',
  G: 'get',
  V: 'version',
  g: 'globoff',
  N: 'no-buffer',
  '#': 'progress-bar',
  '4': 'ipv4',
  '6': 'ipv6',
  j: 'junk-session-cookies',
  q: 'disable',
};
const longWithValue = new Set([
  ...Object.values(withValue),
  'connect-timeout',
  'data-raw',
  'data-binary',
  'data-ascii',
  'data-urlencode',
  'json',
  'resolve',
  'retry',
  'retry-delay',
  'retry-max-time',
  'url',
  'cacert',
  'key',
  'max-redirs',
  'limit-rate',
  'interface',
  'noproxy',
  'oauth2-bearer',
  'connect-to',
  'cookie-jar',
  'keepalive-time',
]);
const longWithoutValue = new Set([
  ...Object.values(withoutValue),
  'compressed',
  'fail-with-body',
  'retry-connrefused',
  'retry-all-errors',
  'no-progress-meter',
  'http1.1',
  'http2',
  'http1.0',
  'no-keepalive',
  'path-as-is',
  'tcp-nodelay',
  'basic',
  'fail-early',
  'parallel',
  'raw',
  'create-dirs',
  'location-trusted',
  'no-location',
]);

/** `readFile` gives what `@file` in data stands for. Throws CurlUsage. */
export function parseCurl(args: readonly string[], readFile: (path: string) => string): CurlOptions {
  const options: CurlOptions = {
    urls: [],
    method: undefined,
    headers: [],
    data: [],
    form: false,
    getData: false,
    output: undefined,
    remoteName: false,
    silent: false,
    showError: false,
    verbose: false,
    include: false,
    head: false,
    fail: false,
    failWithBody: false,
    location: false,
    user: undefined,
    agent: undefined,
    maxTime: undefined,
    connectTimeout: undefined,
    writeOut: undefined,
    resolve: [],
    retry: 0,
    retryDelay: 0,
    retryAll: false,
    version: false,
    dumpHeader: undefined,
    insecure: false,
    cacert: undefined,
  };
  const apply = (name: string, value: string): void => {
    switch (name) {
      case 'request':
        options.method = value;
        break;
      case 'header': {
        const at = value.indexOf(':');
        if (at >= 0) options.headers.push([value.slice(0, at).trim(), value.slice(at + 1).trim()]);
        else if (value.endsWith(';')) options.headers.push([value.slice(0, -1), '']);
        break;
      }
      case 'data':
      case 'data-ascii':
        options.data.push(value.startsWith('@') ? readFile(value.slice(1)).replaceAll(/[\r\n]/g, '') : value);
        break;
      case 'data-binary':
        options.data.push(value.startsWith('@') ? readFile(value.slice(1)) : value);
        break;
      case 'data-raw':
        options.data.push(value);
        break;
      case 'data-urlencode': {
        const at = value.indexOf('=');
        options.data.push(
          at < 0 ? encodeURIComponent(value) : `${value.slice(0, at + 1)}${encodeURIComponent(value.slice(at + 1))}`,
        );
        break;
      }
      case 'json':
        options.data.push(value);
        options.headers.push(['Content-Type', 'application/json'], ['Accept', 'application/json']);
        break;
      case 'form':
        options.form = true;
        options.data.push(value);
        break;
      case 'output':
        options.output = value;
        break;
      case 'user':
        options.user = value;
        break;
      case 'user-agent':
        options.agent = value;
        break;
      case 'referer':
        options.headers.push(['Referer', value]);
        break;
      case 'cookie':
        options.headers.push(['Cookie', value]);
        break;
      case 'oauth2-bearer':
        options.headers.push(['Authorization', `Bearer ${value}`]);
        break;
      case 'max-time':
        options.maxTime = Number(value) * 1000;
        break;
      case 'connect-timeout':
        options.connectTimeout = Number(value) * 1000;
        break;
      case 'write-out':
        options.writeOut = value;
        break;
      case 'resolve':
        options.resolve.push(value);
        break;
      case 'retry':
        options.retry = Number(value);
        break;
      case 'retry-delay':
        options.retryDelay = Number(value);
        break;
      case 'url':
        options.urls.push(value);
        break;
      case 'dump-header':
        options.dumpHeader = value;
        break;
      case 'silent':
        options.silent = true;
        break;
      case 'no-progress-meter':
        options.silent = true;
        options.showError = true;
        break;
      case 'show-error':
        options.showError = true;
        break;
      case 'verbose':
        options.verbose = true;
        break;
      case 'include':
        options.include = true;
        break;
      case 'head':
        options.head = true;
        break;
      case 'fail':
        options.fail = true;
        break;
      case 'fail-with-body':
        options.failWithBody = true;
        break;
      case 'location':
      case 'location-trusted':
        options.location = true;
        break;
      case 'remote-name':
        options.remoteName = true;
        break;
      case 'get':
        options.getData = true;
        break;
      case 'retry-connrefused':
      case 'retry-all-errors':
        options.retryAll = true;
        break;
      case 'insecure':
        options.insecure = true;
        break;
      case 'cacert':
        options.cacert = value;
        break;
      case 'version':
        options.version = true;
        break;
    }
  };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    const need = (shown: string): string => {
      const value = args[++at];
      if (value === undefined) throw new CurlUsage(`option ${shown}: requires parameter`);
      return value;
    };
    if (arg.startsWith('--') && arg.length > 2) {
      const name = arg.slice(2);
      if (longWithValue.has(name)) apply(name, need(arg));
      else if (longWithoutValue.has(name)) apply(name, '');
      else throw new CurlUsage(`option ${arg}: is unknown`);
    } else if (arg.startsWith('-') && arg.length > 1) {
      for (let i = 1; i < arg.length; i++) {
        const letter = arg[i] as string;
        if (Object.hasOwn(withoutValue, letter)) apply(withoutValue[letter] as string, '');
        else if (Object.hasOwn(withValue, letter)) {
          apply(withValue[letter] as string, arg.slice(i + 1) || need(`-${letter}`));
          break;
        } else throw new CurlUsage(`option ${arg}: is unknown`);
      }
    } else options.urls.push(arg);
  }
  return options;
}
