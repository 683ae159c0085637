/**
 * Reads a kubeconfig: the server, the certificate that proves it, and who one is there. Only what is embedded in the file
 * or in files beside it: no commands are run for credentials.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

export interface ClusterAccess {
  readonly server: string;
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly token?: string;
}

interface Kubeconfig {
  'current-context'?: string;
  contexts?: { name?: string; context?: { cluster?: string; user?: string } }[];
  clusters?: { name?: string; cluster?: Record<string, string> }[];
  users?: { name?: string; user?: Record<string, string> }[];
}

/** Rejects when the file is missing or has no current context with a server. */
export async function readKubeconfig(file: string): Promise<ClusterAccess> {
  const { parse } = await import('yaml');
  const config = (parse(await readFile(file, 'utf8')) ?? {}) as Kubeconfig;
  const context = config.contexts?.find(({ name }) => name === config['current-context'])?.context;
  const cluster = config.clusters?.find(({ name }) => name === context?.cluster)?.cluster;
  const user = config.users?.find(({ name }) => name === context?.user)?.user ?? {};
  if (!cluster?.['server']) throw new Error(`${file} has no current context with a server.`);
  const bytes = async (of: Record<string, string>, name: string): Promise<Buffer | undefined> => {
    const embedded = of[`${name}-data`];
    if (embedded) return Buffer.from(embedded, 'base64');
    const beside = of[name];
    return beside ? await readFile(path.resolve(path.dirname(file), beside)) : undefined;
  };
  const [ca, cert, key] = await Promise.all([
    bytes(cluster, 'certificate-authority'),
    bytes(user, 'client-certificate'),
    bytes(user, 'client-key'),
  ]);
  const token = user['token'];
  return {
    server: cluster['server'],
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(token ? { token } : {}),
  };
}
