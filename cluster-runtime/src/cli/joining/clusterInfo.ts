/**
 * How a machine that joins finds out that a cluster is the right one, as kubeadm does it: the cluster's description in
 * kube-public/cluster-info is signed with the token's secret, and the CA in it has the hash that came with the token.
 */
import { createHash, createHmac, timingSafeEqual, X509Certificate } from 'node:crypto';
import type { BootstrapToken } from '#common/kinds/bootstrapToken.ts';
import type { ConfigMap } from '#common/schema/generated/types.ts';
import { accessOf, connectTo } from '../apiConnection.ts';
import { CliError } from '../cliError.ts';

export const clusterInfoPath = '/api/v1/namespaces/kube-public/configmaps/cluster-info';

/** `sha256:` and the digest of the certificate's public key, as kubeadm writes it. */
export function caHash(certificate: string | Buffer): string {
  const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  return `sha256:${createHash('sha256').update(key).digest('hex')}`;
}

/** The CA's certificate, PEM. Asks without knowing yet whom; throws CliError for a cluster that cannot prove itself. */
export async function discover(server: string, token: BootstrapToken, expectedHash: string): Promise<Buffer> {
  const api = connectTo({ server, insecure: true });
  let info: ConfigMap;
  try {
    info = await api.get<ConfigMap>(clusterInfoPath);
  } finally {
    api.close();
  }
  const kubeconfig = checkedKubeconfig(info.data ?? {}, token);
  const { ca } = accessOf(kubeconfig);
  if (!ca) throw new CliError('The cluster’s description names no CA; make a new token with "kube-playground token create".');
  if (caHash(ca) !== expectedHash)
    throw new CliError(`The cluster’s CA has the hash ${caHash(ca)}, not the one that was given: this is another cluster.`);
  return ca;
}

/** The kubeconfig in cluster-info, once its signature is found good. */
export function checkedKubeconfig(data: Readonly<Record<string, string>>, { id, secret }: BootstrapToken): string {
  const [signature, kubeconfig] = [data[`jws-kubeconfig-${id}`], data['kubeconfig']];
  if (signature === undefined || kubeconfig === undefined)
    throw new CliError(`The cluster knows no token ${id}, or it has expired; make one with "kube-playground token create".`);
  const [header = ''] = signature.split('.');
  const body = `${header}.${Buffer.from(kubeconfig).toString('base64url')}`;
  const expected = Buffer.from(`${header}..${createHmac('sha256', secret).update(body).digest('base64url')}`);
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new CliError('The cluster’s description is not signed with this token; check the token.');
  return kubeconfig;
}
