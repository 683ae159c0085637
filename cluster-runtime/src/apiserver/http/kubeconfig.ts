/** The kubeconfig that clients find the cluster with. It holds credentials, so nobody but its owner may read it. */

/** How the user proves who they are. */
export type Credentials = { readonly token: string } | { readonly cert: string; readonly key: string };

export interface KubeconfigOptions {
  /** Names cluster, user and context alike. */
  readonly name: string;
  /** `https://127.0.0.1:6443` */
  readonly server: string;
  /** The CA's certificate, PEM. */
  readonly ca: string;
  readonly credentials: Credentials;
  readonly namespace?: string;
}

const base64 = (pem: string): string => Buffer.from(pem).toString('base64');

/** The kubeconfig's text: YAML in the block style that every reader of it understands. */
export function kubeconfigText({ name, server, ca, credentials, namespace }: KubeconfigOptions): string {
  const user =
    'token' in credentials
      ? [`    token: ${credentials.token}`]
      : [`    client-certificate-data: ${base64(credentials.cert)}`, `    client-key-data: ${base64(credentials.key)}`];
  return [
    'apiVersion: v1',
    'kind: Config',
    'clusters:',
    `- name: ${name}`,
    '  cluster:',
    `    server: ${server}`,
    `    certificate-authority-data: ${base64(ca)}`,
    'users:',
    `- name: ${name}`,
    '  user:',
    ...user,
    'contexts:',
    `- name: ${name}`,
    '  context:',
    `    cluster: ${name}`,
    `    user: ${name}`,
    ...(namespace ? [`    namespace: ${namespace}`] : []),
    `current-context: ${name}`,
    '',
  ].join('\n');
}
