/**
 * Fills Secrets of type kubernetes.io/service-account-token with a token, the namespace and the cluster's CA, and deletes
 * those whose account is not there, or is another one than when they were made.
 */
import { keyOf, type ObjectKey } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { Secret } from '#common/kinds/secret.ts';
import { ServiceAccount } from '#common/kinds/serviceAccount.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { InformerEvent } from '../client/client.ts';
import { type ControllerDefinition, defineController, defineWatch, done } from '../controller/controller.ts';

export const tokenSecretType = 'kubernetes.io/service-account-token';
export const accountNameAnnotation = 'kubernetes.io/service-account.name';
const accountUidAnnotation = 'kubernetes.io/service-account.uid';
const byAccount = 'token secrets by service account';

export interface TokenSecretOptions {
  /** The cluster's CA certificate in PEM; without one, Secrets get none. */
  readonly rootCertificate: string;
  issueToken(account: ObjectKey & { readonly uid: string }, secret: string): string;
}

export const serviceAccountTokenController = (options: TokenSecretOptions): ControllerDefinition =>
  defineController<api.Secret>({
    name: 'serviceaccount-token-controller',
    account: 'tokens-controller',
    for: Secret,
    writes: [Secret, ServiceAccount],
    watches: [
      defineWatch<api.ServiceAccount>({
        kind: ServiceAccount,
        keysFor: (event, cache) =>
          event.type === 'updated'
            ? []
            : cache.informer(Secret).byIndex(byAccount, accountText(event.object.metadata)).map(keyOf),
      }),
      defineWatch<api.Secret>({ kind: Secret, keysFor: keysOfDeleted }),
    ],
    setup(ctx) {
      ctx.cache.informer(Secret).addIndex(byAccount, (secret) => {
        const name = secret.type === tokenSecretType ? secret.metadata.annotations?.[accountNameAnnotation] : undefined;
        return name ? [accountText({ namespace: secret.metadata.namespace ?? '', name })] : [];
      });
    },
    async reconcile(ctx, key) {
      const secret = ctx.cache.get(Secret, key);
      if (!secret) {
        await forgetSecret(key);
        return done;
      }
      const name = secret.metadata.annotations?.[accountNameAnnotation];
      if (secret.type !== tokenSecretType || !name || secret.metadata.deletionTimestamp) return done;
      const account = ctx.cache.get(ServiceAccount, { namespace: key.namespace, name });
      const plan = planTokenSecret(secret, account, options);
      if (plan === 'delete') {
        try {
          await ctx.client.delete(Secret, key, { preconditions: { uid: secret.metadata.uid ?? '' } });
        } catch (error) {
          if (!hasReason(error, 'NotFound')) throw error;
        }
      } else if (plan) await ctx.client.update(Secret, plan);
      return done;

      /** An account does not go on naming a Secret that has gone. */
      async function forgetSecret({ namespace, name: gone }: ObjectKey): Promise<void> {
        for (const owner of ctx.cache.list(ServiceAccount, namespace)) {
          if (!owner.secrets?.some((reference) => reference.name === gone)) continue;
          await ctx.client.update(ServiceAccount, {
            ...owner,
            secrets: owner.secrets.filter((reference) => reference.name !== gone),
          });
        }
      }
    },
  });

const accountText = ({ namespace = '', name = '' }: { namespace?: string; name?: string }): string => `${namespace}/${name}`;

const keysOfDeleted = (event: InformerEvent<api.Secret>): ObjectKey[] =>
  event.type === 'deleted' && event.object.type === tokenSecretType ? [keyOf(event.object)] : [];

/** The Secret with what it lacks, `delete` where it has no account, or undefined where nothing is to be done. */
export function planTokenSecret(
  secret: api.Secret,
  account: api.ServiceAccount | undefined,
  { rootCertificate, issueToken }: TokenSecretOptions,
): api.Secret | 'delete' | undefined {
  const { annotations = {}, namespace = '', name = '' } = secret.metadata;
  const uid = annotations[accountUidAnnotation];
  if (!account || (uid && uid !== account.metadata.uid)) return 'delete';
  const data = secret.data ?? {};
  const certificate = base64(rootCertificate);
  const added: Record<string, string> = {
    ...(rootCertificate && data['ca.crt'] !== certificate ? { 'ca.crt': certificate } : {}),
    ...(data['namespace'] ? {} : { namespace: base64(namespace) }),
    ...(data['token'] ? {} : { token: base64(issueToken({ ...keyOf(account), uid: account.metadata.uid ?? '' }, name)) }),
  };
  if (uid && Object.keys(added).length === 0) return undefined;
  return {
    ...secret,
    metadata: { ...secret.metadata, annotations: { ...annotations, [accountUidAnnotation]: account.metadata.uid ?? '' } },
    data: { ...data, ...added },
  };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
