/** Keeps a copy of the cluster's CA certificate in each active namespace, for the pods' volumes: ConfigMap kube-root-ca.crt. */
import { deepEqual } from '#common/base/freeze.ts';
import { hasReason } from '#common/api/status.ts';
import { ConfigMap } from '#common/kinds/configMap.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import type * as api from '#common/schema/generated/types.ts';
import { type ControllerDefinition, defineController, defineWatch, done } from '../controller/controller.ts';
import { isNamespaceTerminating } from '../controller/podControl.ts';

const name = 'kube-root-ca.crt';
const descriptionAnnotation = 'kubernetes.io/description';
const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** `certificate`: the CA in PEM. */
export const rootCaPublisher = (certificate: string): ControllerDefinition => {
  const data = { 'ca.crt': certificate };
  return defineController<api.Namespace>({
    name: 'root-ca-cert-publisher',
    writes: [ConfigMap],
    for: Namespace,
    concurrency: 4,
    watches: [
      defineWatch<api.ConfigMap>({
        kind: ConfigMap,
        keysFor: ({ type, object }) =>
          type !== 'added' && object.metadata.name === name ? [{ namespace: '', name: object.metadata.namespace ?? '' }] : [],
      }),
    ],
    async reconcile(ctx, key) {
      const namespace = ctx.cache.get(Namespace, key);
      if (!namespace || namespace.metadata.deletionTimestamp) return done;
      const published = ctx.cache.get(ConfigMap, { namespace: key.name, name });
      if (!published) {
        const metadata = { name, namespace: key.name, annotations: { [descriptionAnnotation]: description } };
        try {
          await ctx.client.create(ConfigMap, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
        } catch (error) {
          // Made by somebody else (then its change is heard of), or the namespace went meanwhile.
          if (!hasReason(error, 'AlreadyExists') && !isNamespaceTerminating(error)) throw error;
        }
        return done;
      }
      const { annotations } = published.metadata;
      if (deepEqual(published.data, data) && annotations?.[descriptionAnnotation]) return done;
      await ctx.client.update(ConfigMap, {
        ...published,
        data,
        metadata: { ...published.metadata, annotations: { ...annotations, [descriptionAnnotation]: description } },
      });
      return done;
    },
  });
};
