/** From nginx' directives to what its servers do. Knows the directives that manifests use; a misspelt one is refused. */
import { ConfigError, type Directive } from './config.ts';

export interface Location {
  readonly match: 'prefix' | 'exact' | 'regex' | 'preferred';
  readonly pattern: string;
  readonly regex?: RegExp;
  readonly directives: readonly Directive[];
}

export interface Site {
  readonly ports: readonly number[];
  readonly isDefault: boolean;
  readonly names: readonly string[];
  readonly directives: readonly Directive[];
  readonly locations: readonly Location[];
}

export interface Sites {
  readonly http: readonly Directive[];
  readonly sites: readonly Site[];
  readonly daemon: boolean;
}

const contexts: Record<string, string> = {
  main: 'user worker_processes error_log pid events http daemon include load_module worker_rlimit_nofile stream env master_process timer_resolution pcre_jit',
  events: 'worker_connections use multi_accept accept_mutex debug_connection',
  http: 'server upstream map geo split_clients log_format default_type types gzip gzip_types gzip_proxied gzip_min_length gzip_vary gzip_comp_level gzip_disable gzip_http_version keepalive_requests tcp_nopush tcp_nodelay sendfile types_hash_max_size server_names_hash_bucket_size variables_hash_max_size proxy_cache_path limit_req_zone limit_conn_zone',
  server:
    'listen server_name location ssl_certificate ssl_certificate_key ssl_protocols ssl_ciphers ssl_session_cache ssl_session_timeout ssl_prefer_server_ciphers http2',
  location: 'alias proxy_pass internal stub_status fastcgi_pass grpc_pass uwsgi_pass limit_except',
  shared:
    'root index return try_files error_page add_header access_log error_log autoindex client_max_body_size client_body_buffer_size client_body_timeout client_header_timeout client_header_buffer_size large_client_header_buffers send_timeout keepalive_timeout charset expires etag rewrite set if include proxy_set_header proxy_http_version proxy_buffering proxy_buffers proxy_buffer_size proxy_busy_buffers_size proxy_connect_timeout proxy_read_timeout proxy_send_timeout proxy_redirect proxy_hide_header proxy_pass_header proxy_ssl_verify proxy_ssl_server_name proxy_next_upstream proxy_cache proxy_cache_valid proxy_cache_bypass proxy_no_cache proxy_request_buffering proxy_intercept_errors allow deny auth_basic auth_basic_user_file server_tokens resolver resolver_timeout absolute_redirect port_in_redirect merge_slashes real_ip_header set_real_ip_from real_ip_recursive default_type types sendfile tcp_nopush tcp_nodelay gzip gzip_types gzip_static limit_req limit_conn limit_rate satisfy sub_filter sub_filter_once log_not_found open_file_cache fastcgi_param fastcgi_index fastcgi_split_path_info recursive_error_pages mirror auth_request underscores_in_headers ignore_invalid_headers',
};

const known = new Map(Object.entries(contexts).map(([context, names]) => [context, new Set(names.split(' '))]));
const everyName = new Set([...known.values()].flatMap((names) => [...names]));

function check(directives: readonly Directive[], context: 'main' | 'events' | 'http' | 'server' | 'location'): void {
  for (const { name, block, file, line } of directives) {
    const allowed =
      known.get(context)?.has(name) || (context !== 'main' && context !== 'events' && known.get('shared')?.has(name));
    if (!allowed) {
      if (!everyName.has(name)) throw new ConfigError(`unknown directive "${name}"`, file, line);
      throw new ConfigError(`"${name}" directive is not allowed here`, file, line);
    }
    if (!block) continue;
    if (name === 'events' || name === 'http' || name === 'server') check(block, name);
    else if (name === 'location' || name === 'if') check(block, 'location');
  }
}

export function buildSites(directives: readonly Directive[]): Sites {
  check(directives, 'main');
  const http = directives.find(({ name }) => name === 'http')?.block ?? [];
  if (!directives.some(({ name }) => name === 'events'))
    throw new ConfigError('no "events" section in configuration', '/etc/nginx/nginx.conf');
  const sites = http.filter(({ name, block }) => name === 'server' && block).map((server) => buildSite(server.block ?? []));
  const daemon = directives.find(({ name }) => name === 'daemon')?.args[0] !== 'off';
  return { http, sites, daemon };
}

function buildSite(directives: readonly Directive[]): Site {
  const listens = directives.filter(({ name }) => name === 'listen');
  const ports = listens.map(({ args, file, line }) => {
    const address = args[0] ?? '';
    const port = Number(/(?:^|:)(\d+)$/.exec(address)?.[1] ?? (/^\d/.test(address) || /^[[a-z*]/i.test(address) ? 80 : NaN));
    if (!(port >= 1 && port <= 65535))
      throw new ConfigError(`invalid port in "${address}" of the "listen" directive`, file, line);
    return port;
  });
  return {
    ports: ports.length > 0 ? [...new Set(ports)] : [80],
    isDefault: listens.some(({ args }) => args.includes('default_server')),
    names: directives.filter(({ name }) => name === 'server_name').flatMap(({ args }) => args),
    directives,
    locations: directives.filter(({ name }) => name === 'location').map(buildLocation),
  };
}

function buildLocation(directive: Directive): Location {
  const { args, file, line } = directive;
  const directives = directive.block ?? [];
  const [first = '', second = ''] = args;
  if (first === '=') return { match: 'exact', pattern: second, directives };
  if (first === '^~') return { match: 'preferred', pattern: second, directives };
  if (first === '~' || first === '~*') {
    try {
      return { match: 'regex', pattern: second, regex: new RegExp(second, first === '~*' ? 'i' : ''), directives };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new ConfigError(`pcre2_compile() failed: ${error.message} in "${second}"`, file, line);
    }
  }
  return { match: 'prefix', pattern: first, directives };
}

/** nginx' choice: exact, else the longest prefix unless a regular expression matches. */
export function findLocation(site: Site, path: string): Location | undefined {
  const exact = site.locations.find(({ match, pattern }) => match === 'exact' && pattern === path);
  if (exact) return exact;
  const prefixes = site.locations.filter(
    ({ match, pattern }) => (match === 'prefix' || match === 'preferred') && path.startsWith(pattern),
  );
  const longest = prefixes.sort((a, b) => b.pattern.length - a.pattern.length)[0];
  if (longest?.match === 'preferred') return longest;
  return site.locations.find(({ regex }) => regex?.test(path)) ?? longest;
}

export function chooseSite(sites: readonly Site[], port: number, host: string): Site | undefined {
  const here = sites.filter(({ ports }) => ports.includes(port));
  return (
    here.find(({ names }) => names.some((name) => name === host || (name.startsWith('*.') && host.endsWith(name.slice(1))))) ??
    here.find(({ isDefault }) => isDefault) ??
    here[0]
  );
}
