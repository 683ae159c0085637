/** Names and connections as a program in a container sees them: /etc/hosts, localhost, then cluster DNS. */
import type { Duplex } from 'node:stream';
import { ConnectionError } from '../../../network/network.ts';
import type { SimulatedContainer } from '../process/container.ts';
import type { Process } from '../process/process.ts';

/** How long Linux tries before a connection that nobody answers has failed. */
const connectTimeoutMs = 130_000;

export function isAddress(host: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || host.includes(':');
}

/** The addresses of a name; empty when there is no such name. */
export function lookUp(container: SimulatedContainer, host: string): readonly string[] {
  if (isAddress(host)) return [host];
  if (host === 'localhost') return ['127.0.0.1'];
  const { pod } = container.spec;
  if (host === pod.hostname) return [pod.ip];
  if (container.ownFile('/etc/hosts')) {
    for (const line of container.files.readText('/etc/hosts').split('\n')) {
      const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
      if (address && names.includes(host)) return [address];
    }
  }
  return container.host.network.resolve(host.replace(/\.$/, ''), pod.namespace);
}

/**
 * Connects to an address. Throws ConnectionError: at once when the connection is refused, after `timeoutMs` of the
 * cluster's time when packets would just vanish.
 */
export async function dial(process: Process, address: string, port: number, timeoutMs = connectTimeoutMs): Promise<Duplex> {
  const { container } = process;
  const own = container.spec.pod.ip;
  const target = address.startsWith('127.') || address === '::1' || address === '0.0.0.0' ? own : address;
  try {
    return process.ownSocket(container.host.network.connect(own, target, port));
  } catch (error) {
    if (error instanceof ConnectionError && error.code === 'ETIMEDOUT')
      await process.sleep(Math.min(timeoutMs, connectTimeoutMs));
    throw error;
  }
}

/** Looks up and connects. Throws ConnectionError, with ENOTFOUND for an unknown name. */
export async function dialName(process: Process, host: string, port: number, timeoutMs?: number): Promise<Duplex> {
  const address = lookUp(process.container, host)[0];
  if (address === undefined) throw new ConnectionError('ENOTFOUND', host);
  return dial(process, address, port, timeoutMs);
}
