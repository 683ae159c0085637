/**
 * Defaults of a pod's spec, for pods and for every template of one. They return new objects that share whatever needed no
 * change: a pod made from a stored template passes through without a copy. What only pods get (not templates) is in
 * `podDefaults.ts`; what admission adds (service account, tolerations, priority) is the API server's.
 */
import type * as api from '#common/schema/generated/types.ts';
import { defaultedContainer } from './containerDefaults.ts';
import { mapShared, withField, withFields } from './copyOnWrite.ts';
import { defaultedVolume } from './volumeDefaults.ts';

export function defaultedPodSpec(spec: api.PodSpec): api.PodSpec {
  const { containers, initContainers, ephemeralContainers, volumes } = spec;
  const fields: Partial<api.PodSpec> = {
    dnsPolicy: spec.dnsPolicy || 'ClusterFirst',
    restartPolicy: spec.restartPolicy || 'Always',
    schedulerName: spec.schedulerName || 'default-scheduler',
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 30,
    securityContext: spec.securityContext ?? {},
  };
  // The old name of a field; both are always written, and the new one wins.
  const account = spec.serviceAccountName || spec.serviceAccount;
  if (account) fields.serviceAccountName = fields.serviceAccount = account;
  if (containers) fields.containers = mapShared(containers, defaultedContainer);
  if (initContainers) fields.initContainers = mapShared(initContainers, defaultedContainer);
  if (ephemeralContainers) fields.ephemeralContainers = mapShared(ephemeralContainers, defaultedContainer);
  if (volumes) fields.volumes = mapShared(volumes, defaultedVolume);
  return withFields(spec, fields);
}

/** A template's defaults. Its metadata and spec are Go structs, never absent. */
export function defaultedPodTemplate(template: api.PodTemplateSpec | undefined): api.PodTemplateSpec {
  const spec = defaultedPodSpec(template?.spec ?? ({} as api.PodSpec));
  if (!template) return { metadata: {}, spec };
  return withField(template.metadata ? template : { ...template, metadata: {} }, 'spec', spec);
}
