/** From a context of a kubeconfig to what is needed to speak to its cluster. Reads certificates; runs nothing. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ClusterAccess, Impersonation } from '../clusterAccess.ts';
import { execPluginOf } from './execPluginOf.ts';
import { isMapping, type Kubeconfig, type KubeconfigEntry, loadKubeconfig } from './kubeconfig.ts';
import { KubeconfigError } from './kubeconfigError.ts';

/** The current context of one file. Throws KubeconfigError. */
export const readKubeconfig = async (file: string): Promise<ClusterAccess> => accessOfContext(await loadKubeconfig([file]));

/** The access that the named context, or the current one, describes. Throws KubeconfigError. */
export async function accessOfContext(config: Kubeconfig, contextName = config.currentContext): Promise<ClusterAccess> {
  const where = config.files.join(', ');
  if (contextName === undefined) throw new KubeconfigError(`The kubeconfig ${where} names no current context.`);
  const context = config.contexts.get(contextName);
  if (!context) throw new KubeconfigError(`The kubeconfig ${where} has no context "${contextName}"${choices(config.contexts)}.`);
  const clusterName = text(context, 'cluster');
  const cluster = clusterName === undefined ? undefined : config.clusters.get(clusterName);
  if (!cluster)
    throw new KubeconfigError(
      clusterName === undefined
        ? `The context "${contextName}" of ${context.file} names no cluster.`
        : `The context "${contextName}" of ${context.file} is of a cluster "${clusterName}" that the kubeconfig does not have.`,
    );
  const userName = text(context, 'user');
  const user = userName === undefined ? { fields: {}, file: context.file } : config.users.get(userName);
  if (!user)
    throw new KubeconfigError(
      `The context "${contextName}" of ${context.file} is of a user "${userName}" that the kubeconfig does not have.`,
    );
  const namespace = text(context, 'namespace');
  return {
    ...(await clusterFields(cluster, clusterName ?? '')),
    ...(await userFields(user, userName ?? '', cluster)),
    ...(namespace ? { namespace } : {}),
  };
}

const choices = (contexts: ReadonlyMap<string, unknown>): string =>
  contexts.size > 0 && contexts.size <= 10 ? `; it has ${[...contexts.keys()].map((name) => `"${name}"`).join(', ')}` : '';

async function clusterFields(cluster: KubeconfigEntry, name: string): Promise<ClusterAccess> {
  const who = `The cluster "${name}" of ${cluster.file}`;
  const given = text(cluster, 'server');
  if (given === undefined) throw new KubeconfigError(`${who} has no server.`);
  // Where a scheme is missing, kubectl guesses one; a person is better asked than credentials sent in the clear.
  const server = checkedUrl(given, ['https:', 'http:'], `${who} has the server "${given}", which is no address`);
  const insecure = cluster.fields['insecure-skip-tls-verify'] === true;
  const ca = await pem(cluster, 'certificate-authority', 'CERTIFICATE', who);
  if (insecure && ca) throw new KubeconfigError(`${who} has both a certificate authority and insecure-skip-tls-verify.`);
  const tlsServerName = text(cluster, 'tls-server-name');
  const proxy = text(cluster, 'proxy-url');
  const proxyUrl =
    proxy === undefined
      ? undefined
      : checkedUrl(proxy, ['http:', 'https:', 'socks5:'], `${who} has a proxy-url that is no http, https or socks5 address`);
  return {
    server,
    ...(ca ? { ca } : {}),
    ...(insecure ? { insecure } : {}),
    ...(tlsServerName ? { tlsServerName } : {}),
    ...(proxyUrl ? { proxyUrl } : {}),
  };
}

function checkedUrl(given: string, protocols: readonly string[], problem: string): string {
  const url = URL.parse(given);
  if (!url || !protocols.includes(url.protocol) || url.hostname === '') throw new KubeconfigError(`${problem}.`);
  return given.replace(/\/+$/, '');
}

async function userFields(user: KubeconfigEntry, name: string, cluster: KubeconfigEntry): Promise<Omit<ClusterAccess, 'server'>> {
  const who = `The user "${name}" of ${user.file}`;
  if (user.fields['auth-provider'] !== undefined && user.fields['exec'] === undefined)
    throw new KubeconfigError(`${who} has an auth-provider, which Kubernetes no longer has; use an exec plugin.`);
  const [cert, key] = await Promise.all([
    pem(user, 'client-certificate', 'CERTIFICATE', who),
    pem(user, 'client-key', 'PRIVATE KEY', who),
  ]);
  if (cert && !key) throw new KubeconfigError(`${who} has a client certificate without its key.`);
  if (key && !cert) throw new KubeconfigError(`${who} has a client key without its certificate.`);
  const tokenFile = text(user, 'tokenFile');
  const token = text(user, 'token');
  const username = text(user, 'username');
  const exec = execPluginOf(user, who, cluster);
  const impersonate = impersonation(user);
  return {
    ...(cert && key ? { cert, key } : {}),
    // The file goes before the token, since it is the one that is kept fresh.
    ...(tokenFile ? { tokenFile: beside(user, tokenFile) } : token ? { token } : {}),
    ...(username ? { basic: { username, password: text(user, 'password') ?? '' } } : {}),
    ...(exec ? { exec } : {}),
    ...(impersonate ? { impersonate } : {}),
  };
}

function impersonation(user: KubeconfigEntry): Impersonation | undefined {
  const as = text(user, 'as');
  if (as === undefined) return undefined;
  const uid = text(user, 'as-uid');
  const groups = user.fields['as-groups'];
  const extra = user.fields['as-user-extra'];
  return {
    user: as,
    ...(uid ? { uid } : {}),
    ...(Array.isArray(groups) ? { groups: groups.map(String) } : {}),
    ...(isMapping(extra)
      ? { extra: Object.fromEntries(Object.entries(extra).map(([key, value]) => [key, [value].flat().map(String)])) }
      : {}),
  };
}

const text = ({ fields }: KubeconfigEntry, field: string): string | undefined => {
  const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
};

const beside = ({ file }: KubeconfigEntry, given: string): string => path.resolve(path.dirname(file), given);

/** Embedded in base64 or in a file beside the kubeconfig, which goes second. */
async function pem(entry: KubeconfigEntry, field: string, label: string, who: string): Promise<Buffer | undefined> {
  const embedded = text(entry, `${field}-data`);
  const file = text(entry, field);
  if (embedded === undefined && file === undefined) return undefined;
  let bytes: Buffer;
  let what = `${field}-data`;
  if (embedded !== undefined) {
    bytes = Buffer.from(embedded, 'base64');
  } else {
    what = beside(entry, file ?? '');
    bytes = await readFile(what).catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      throw new KubeconfigError(`${who} has its ${field} in ${what}, which cannot be read (${code ?? 'unknown'}).`);
    });
  }
  if (!new RegExp(`-----BEGIN [A-Z0-9 ]*${label}-----`).test(bytes.toString('latin1')))
    throw new KubeconfigError(
      `${who} has no ${label.toLowerCase()} in ${what}${embedded === undefined ? '' : ' (PEM in base64)'}.`,
    );
  return bytes;
}
