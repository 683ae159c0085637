/**
 * `kube-playground node join SERVER --token … --discovery-token-ca-cert-hash …`: a machine joins as kubeadm lets it. It
 * has nothing but the token; it gets a certificate through a CertificateSigningRequest and registers with that.
 */
import type { CertificateSigningRequest, Node } from '#common/schema/generated/types.ts';
import { parseBootstrapToken } from '#common/kinds/bootstrapToken.ts';
import { newNode, type NodeShape } from '../../addons/nodes.ts';
import { newCertificateRequest, type NewRequest } from '../../pki/newRequest.ts';
import { type ApiConnection, ApiRefusal, connectTo } from '../apiConnection.ts';
import { CliError } from '../cliError.ts';
import { discover } from '../joining/clusterInfo.ts';
import { nodesPath, untilReady } from '../nodeAccess.ts';

export interface NodeJoinOptions extends NodeShape {
  readonly token: string;
  readonly discoveryTokenCaCertHash: string;
  readonly name: string;
}

const requestsPath = '/apis/certificates.k8s.io/v1/certificatesigningrequests';

export async function joinNode(address: string, options: NodeJoinOptions): Promise<void> {
  const token = parseBootstrapToken(options.token);
  if (!token) throw new CliError(`${options.token} is no token; it takes the form abcdef.0123456789abcdef.`, 2);
  const server = `https://${address.replace(/^https:\/\//, '')}`;
  const ca = await discover(server, token, options.discoveryTokenCaCertHash);
  say(`the cluster at ${server} is the one that the token is for`);

  const own = newCertificateRequest(`system:node:${options.name}`, ['system:nodes']);
  const joining = connectTo({ server, ca, token: options.token });
  let certificate: string;
  try {
    certificate = await requestCertificate(joining, own);
  } finally {
    joining.close();
  }

  const api = connectTo({ server, ca, cert: Buffer.from(certificate), key: Buffer.from(own.key) });
  try {
    await register(api, options);
    await untilReady(api, options.name);
  } finally {
    api.close();
  }
  say(`node/${options.name} has joined and is ready`);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Resolves with the certificate, PEM, once the request is approved and signed. */
async function requestCertificate(api: ApiConnection, { request }: NewRequest): Promise<string> {
  const asked: CertificateSigningRequest = {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { generateName: 'node-csr-' },
    spec: {
      request: Buffer.from(request).toString('base64'),
      signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
      usages: ['client auth', 'digital signature'],
    },
  };
  const { metadata } = await api.send<CertificateSigningRequest>('POST', requestsPath, asked);
  const name = metadata.name ?? '';
  say(`certificatesigningrequest/${name} waits for its approval`);
  let answered: CertificateSigningRequest | undefined;
  await api.watch<CertificateSigningRequest>(
    `${requestsPath}?watch=true&fieldSelector=metadata.name%3D${name}`,
    (type, { status, ...rest }) => {
      answered = { ...rest, ...(status ? { status } : {}) };
      const refused = status?.conditions?.some(({ type: condition }) => condition === 'Denied' || condition === 'Failed');
      return type === 'DELETED' || refused === true || Boolean(status?.certificate);
    },
  );
  const certificate = answered?.status?.certificate;
  if (certificate) return Buffer.from(certificate, 'base64').toString();
  const why = answered?.status?.conditions?.at(-1)?.message;
  throw new CliError(`certificatesigningrequest/${name} was not signed${why ? `: ${why}` : ''}`);
}

async function register(api: ApiConnection, options: NodeJoinOptions): Promise<void> {
  try {
    await api.send<Node>('POST', nodesPath, newNode(options.name, options));
  } catch (error) {
    if (error instanceof ApiRefusal && error.code === 409)
      throw new CliError(`There is a node ${options.name} already; choose another name.`);
    throw error;
  }
}
