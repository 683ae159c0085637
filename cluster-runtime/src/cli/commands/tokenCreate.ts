/** `kube-playground token create`: a bootstrap token, told as the command with which a machine joins with it. */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { formatTime } from '#common/api/time.ts';
import { bootstrapTokenPrefix, bootstrapTokenType, parseBootstrapToken } from '#common/kinds/bootstrapToken.ts';
import type { Secret, SelfSubjectReview } from '#common/schema/generated/types.ts';
import { accessOf, type ApiConnection, ApiRefusal, connectTo } from '../apiConnection.ts';
import { CliError } from '../cliError.ts';
import { caHash } from '../joining/clusterInfo.ts';
import { clusterInfoKubeconfig, joinersGroup, joinObjects } from '../joining/joinObjects.ts';
import type { StateOption } from '../nodeAccess.ts';
import { openStateFolder } from '../stateFolder.ts';

export interface TokenCreateOptions extends StateOption {
  /** In milliseconds of the cluster's time; 0: it never expires. */
  readonly ttl: number;
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
const letters = (count: number): string => Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)]).join('');

export async function createToken(given: string | undefined, { ttl, state }: TokenCreateOptions): Promise<void> {
  const token = parseBootstrapToken(given ?? `${letters(6)}.${letters(16)}`);
  if (!token) throw new CliError(`${given ?? ''} is no token; it takes the form abcdef.0123456789abcdef.`, 2);
  const file = openStateFolder(state).kubeconfig;
  const access = accessOf(readKubeconfig(file));
  const api = connectTo(access);
  try {
    for (const { path, object } of joinObjects(clusterInfoKubeconfig(access.server, access.ca ?? Buffer.alloc(0))))
      await createMissing(api, path, object);
    const secret: Secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: bootstrapTokenPrefix + token.id, namespace: 'kube-system' },
      type: bootstrapTokenType,
      stringData: {
        'token-id': token.id,
        'token-secret': token.secret,
        'usage-bootstrap-authentication': 'true',
        'usage-bootstrap-signing': 'true',
        'auth-extra-groups': joinersGroup,
        ...(ttl > 0 ? { expiration: formatTime((await clusterTime(api)) + ttl) } : {}),
      },
    };
    await api.send('POST', '/api/v1/namespaces/kube-system/secrets', secret);
  } finally {
    api.close();
  }
  const address = access.server.replace(/^https:\/\//, '');
  const hash = caHash(access.ca ?? '');
  process.stdout.write(
    `kube-playground node join ${address} --token ${token.id}.${token.secret} --discovery-token-ca-cert-hash ${hash}\n`,
  );
}

function readKubeconfig(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError(
      `There is no cluster at ${file} (${(error as NodeJS.ErrnoException).code}); start one with "kube-playground start".`,
    );
  }
}

async function createMissing(api: ApiConnection, path: string, object: unknown): Promise<void> {
  try {
    await api.send('POST', path, object);
  } catch (error) {
    if (!(error instanceof ApiRefusal) || error.code !== 409) throw error;
  }
}

/** The cluster's clock may run faster than ours: a review says what time it was made at. */
async function clusterTime(api: ApiConnection): Promise<number> {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const { metadata } = await api.send<SelfSubjectReview>('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', review);
  return Date.parse(metadata?.creationTimestamp ?? '');
}
