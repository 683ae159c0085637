/** The way through a proxy: which one is to be taken, and a tunnel through it (HTTP CONNECT, SOCKS 5). */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { ConnectionError } from './connectionError.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The kubeconfig's proxy, or that of the environment; none for this machine itself. */
export function proxyOf(server: URL, proxyUrl: string | undefined, env: Environment): URL | undefined {
  if (proxyUrl !== undefined) return new URL(proxyUrl);
  const host = server.hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost' || host === '::1' || /^127\./.test(host)) return undefined;
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const given = env[name] || env[name.toLowerCase()];
  if (!given || isExcepted(host, env['NO_PROXY'] || env['no_proxy'] || '')) return undefined;
  return URL.parse(given.includes('://') ? given : `http://${given}`) ?? undefined;
}

/** `NO_PROXY`: names with all below them, or `*`. */
function isExcepted(host: string, list: string): boolean {
  return list
    .split(',')
    .map((entry) => entry.trim().replace(/^\*?\./, ''))
    .some((entry) => entry === '*' || (entry !== '' && (host === entry || host.endsWith(`.${entry}`))));
}

/** A connection to `host:port` by way of the proxy. Rejects with ConnectionError. */
export function openTunnel(proxy: URL, host: string, port: number): Promise<Socket> {
  return proxy.protocol === 'socks5:' ? throughSocks(proxy, host, port) : throughConnect(proxy, host, port);
}

const shown = (proxy: URL): string => `The proxy ${proxy.protocol}//${proxy.host}`;
const credentialsOf = (proxy: URL): string => `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;

function throughConnect(proxy: URL, host: string, port: number): Promise<Socket> {
  const request = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
  const authority = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const authorization = proxy.username
    ? { 'proxy-authorization': `Basic ${Buffer.from(credentialsOf(proxy)).toString('base64')}` }
    : {};
  return new Promise((resolve, reject) => {
    const asked = request({
      host: proxy.hostname,
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...authorization },
      agent: false,
    });
    asked.once('connect', (answer, socket) => {
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(
        new ConnectionError('PROXY_REFUSED', `${shown(proxy)} refuses the way to ${authority} (HTTP ${answer.statusCode}).`),
      );
    });
    asked.once('error', (error) => reject(notReached(proxy, error)));
    asked.end();
  });
}

const notReached = (proxy: URL, error: Error): ConnectionError =>
  new ConnectionError(
    (error as NodeJS.ErrnoException).code ?? 'UNKNOWN',
    `${shown(proxy)} cannot be reached: ${error.message}`,
    error,
  );

/** RFC 1928, with the password of RFC 1929 where the address has one. The proxy looks the name up. */
async function throughSocks(proxy: URL, host: string, port: number): Promise<Socket> {
  const socket = connect(Number(proxy.port || 1080), proxy.hostname);
  const refuse = (why: string): ConnectionError => new ConnectionError('PROXY_REFUSED', `${shown(proxy)} ${why}.`);
  try {
    socket.write(Buffer.from(proxy.username ? [5, 2, 0, 2] : [5, 1, 0]));
    const [, method] = await bytes(socket, 2);
    if (method === 2) {
      const [user, password] = [proxy.username, proxy.password].map((part) => Buffer.from(decodeURIComponent(part)));
      if (!user || !password) throw refuse('asks for a password');
      socket.write(Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]));
      if ((await bytes(socket, 2))[1] !== 0) throw refuse('does not take the password');
    } else if (method !== 0) throw refuse('wants a proof that is not spoken here');
    const name = Buffer.from(host);
    socket.write(Buffer.concat([Buffer.from([5, 1, 0, 3, name.length]), name, Buffer.from([port >> 8, port & 255])]));
    const [, result, , type] = await bytes(socket, 4);
    if (result !== 0) throw refuse(`finds no way to ${host}:${port} (SOCKS ${result})`);
    const addressLength = type === 1 ? 4 : type === 4 ? 16 : ((await bytes(socket, 1))[0] ?? 0);
    await bytes(socket, addressLength + 2);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error instanceof ConnectionError ? error : notReached(proxy, error as Error);
  }
}

/** Exactly `count` bytes; what follows them stays in the socket. */
function bytes(socket: Socket, count: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      socket.off('readable', read).off('error', fail).off('end', end);
      act();
    };
    const read = (): void => {
      const got = socket.read(count) as Buffer | null;
      if (got?.length === count) settle(() => resolve(got));
    };
    const fail = (error: Error): void => settle(() => reject(error));
    const end = (): void => settle(() => reject(new Error('it ended the connection')));
    socket.on('readable', read).on('error', fail).on('end', end);
    read();
  });
}
