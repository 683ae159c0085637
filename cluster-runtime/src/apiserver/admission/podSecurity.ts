/**
 * Holds pods against the Pod Security Standards as their namespace's labels ask: refuses pods (enforce) and warns of
 * them and of the templates they are made from (warn). The namespaces themselves are `podSecurityNamespaces.ts`.
 *
 * Differs from Kubernetes: the `audit` labels of Pod Security are only validated, as there is no audit log.
 */
import type { KubeObject } from '#common/api/meta.ts';
import { forbiddenError } from '#common/api/status.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { containersOf } from '#common/kinds/podSecurity/containersOf.ts';
import { detailsText, policyText, violationsOf } from '#common/kinds/podSecurity/evaluate.ts';
import { namespacePolicy } from '#common/kinds/podSecurity/namespacePolicy.ts';
import type { CronJob, Pod, PodSpec, PodTemplate, PodTemplateSpec } from '#common/schema/generated/types.ts';
import type { AdmissionPlugin, AdmissionRequest } from './admission.ts';

const specTemplate = (object: KubeObject): PodTemplateSpec | undefined =>
  (object as { spec?: { template?: PodTemplateSpec } }).spec?.template;

/** Where the pods to be are described, for the kinds that make some. */
const templates = new Map<string, (object: KubeObject) => PodTemplateSpec | undefined>([
  ['/PodTemplate', (object) => (object as PodTemplate).template],
  ['/ReplicationController', specTemplate],
  ['apps/DaemonSet', specTemplate],
  ['apps/Deployment', specTemplate],
  ['apps/ReplicaSet', specTemplate],
  ['apps/StatefulSet', specTemplate],
  ['batch/CronJob', (object) => (object as CronJob).spec?.jobTemplate.spec?.template],
  ['batch/Job', specTemplate],
]);

const nameOf = ({ kind }: AdmissionRequest): string => `${kind.group}/${kind.kind}`;

export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  handles(request) {
    const { operation, subresource } = request;
    if (operation !== 'CREATE' && operation !== 'UPDATE') return false;
    if (nameOf(request) === '/Pod') return subresource === undefined || subresource === 'ephemeralcontainers';
    return subresource === undefined && templates.has(nameOf(request));
  },
  validate(request, state) {
    const { namespace, name, object, old, options } = request;
    if (!object) return;
    const { enforce, warn } = namespacePolicy(state.get(Namespace, '', namespace)?.metadata.labels);
    const isPod = nameOf(request) === '/Pod';
    const checked = isPod ? (object as Pod) : templates.get(nameOf(request))?.(object);
    if (!checked || (isPod && old && !matters(object as Pod, old as Pod))) return;

    const refused = isPod ? violationsOf(checked, enforce) : [];
    if (refused.length > 0) {
      const text = `violates PodSecurity "${policyText(enforce)}": ${detailsText(refused)}`;
      throw forbiddenError({ group: '', resource: 'pods' }, name, text);
    }
    const warned = violationsOf(checked, warn);
    if (warned.length > 0) options.warn(`would violate PodSecurity "${policyText(warn)}": ${detailsText(warned)}`);
  },
};

/** Of all that may change in a pod, only what runs in it counts: images, and containers that are added. */
function matters({ spec }: Pod, { spec: old }: Pod): boolean {
  const [after, before] = [imagesOf(spec), imagesOf(old)];
  return after.length !== before.length || after.some((image, i) => image !== before[i]);
}

const imagesOf = (spec: PodSpec | undefined): (string | undefined)[] =>
  spec ? containersOf(spec).map(({ image }) => image) : [];
