/**
 * Defaults of a pod's spec, for pods and for every template of one. They return new objects that share whatever needed no
 * change: a pod made from a stored template passes through without a copy. What only pods get (not templates) is in
 * `podDefaults.ts`; what admission adds (service account, tolerations, priority) is the API server's.
 */
import type * as api from '#common/schema/generated/types.ts';
import { defaultedContainer } from './containerDefaults.ts';
import { mapShared, withDefaults, withField, withZeroDefaults } from './copyOnWrite.ts';
import { defaultedVolume } from './volumeDefaults.ts';

const zeroDefaults = { dnsPolicy: 'ClusterFirst', restartPolicy: 'Always', schedulerName: 'default-scheduler' };
const pointerDefaults = { terminationGracePeriodSeconds: 30 };

export function defaultedPodSpec(spec: api.PodSpec): api.PodSpec {
  let out = withDefaults(withZeroDefaults(spec, zeroDefaults), pointerDefaults);
  if (!out.securityContext) out = { ...out, securityContext: {} };
  out = withOldServiceAccountName(out);
  if (out.containers) out = withField(out, 'containers', mapShared(out.containers, defaultedContainer));
  if (out.initContainers) out = withField(out, 'initContainers', mapShared(out.initContainers, defaultedContainer));
  if (out.ephemeralContainers) out = withField(out, 'ephemeralContainers', mapShared(out.ephemeralContainers, defaultedContainer));
  if (out.volumes) out = withField(out, 'volumes', mapShared(out.volumes, defaultedVolume));
  return out;
}

/** `serviceAccount` is the old name of `serviceAccountName`; both are always written, and the new one wins. */
function withOldServiceAccountName(spec: api.PodSpec): api.PodSpec {
  const name = spec.serviceAccountName || spec.serviceAccount;
  if (!name || (spec.serviceAccount === name && spec.serviceAccountName === name)) return spec;
  return { ...spec, serviceAccountName: name, serviceAccount: name };
}

/** A template's defaults. Its metadata and spec are Go structs, never absent. */
export function defaultedPodTemplate(template: api.PodTemplateSpec | undefined): api.PodTemplateSpec {
  const spec = defaultedPodSpec(template?.spec ?? ({} as api.PodSpec));
  if (!template) return { metadata: {}, spec };
  return withField(template.metadata ? template : { ...template, metadata: {} }, 'spec', spec);
}
