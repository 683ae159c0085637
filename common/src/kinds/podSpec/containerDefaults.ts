/**
 * What a container gets when its author leaves it out: pull policy, termination message, protocols, probe timings.
 * The same for containers, init containers and ephemeral containers, in pods and in templates.
 */
import type * as api from '#common/schema/generated/types.ts';
import { mapShared, withDefaults, withField, withZeroDefaults } from './copyOnWrite.ts';

type AnyContainer = api.Container | api.EphemeralContainer;

const containerDefaults = { terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' };
const portDefaults = { protocol: 'TCP' };
const probeDefaults = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
const httpGetDefaults = { path: '/', scheme: 'HTTP' };
const grpcDefaults = { service: '' };
const fieldRefDefaults = { apiVersion: 'v1' };
const resourceFieldRefDefaults = { divisor: '0' };
const fileKeyRefDefaults = { optional: false };

export function defaultedContainer<T extends AnyContainer>(container: T): T {
  let out = withZeroDefaults(container, containerDefaults as Partial<T>);
  if (!out.imagePullPolicy) out = { ...out, imagePullPolicy: defaultPullPolicy(out.image) };
  // Go's zero struct: an absent `resources` is written as an empty one.
  if (!out.resources) out = { ...out, resources: {} };
  if (out.ports) out = withField(out, 'ports', mapShared(out.ports, defaultedPort) as T['ports']);
  if (out.env) out = withField(out, 'env', mapShared(out.env, defaultedEnvVar) as T['env']);
  if (out.livenessProbe) out = withField(out, 'livenessProbe', defaultedProbe(out.livenessProbe) as T['livenessProbe']);
  if (out.readinessProbe) out = withField(out, 'readinessProbe', defaultedProbe(out.readinessProbe) as T['readinessProbe']);
  if (out.startupProbe) out = withField(out, 'startupProbe', defaultedProbe(out.startupProbe) as T['startupProbe']);
  if (out.lifecycle) out = withField(out, 'lifecycle', defaultedLifecycle(out.lifecycle) as T['lifecycle']);
  return out;
}

/** Always for the tag `latest` and for no tag at all; a digest counts as a tag. */
export function defaultPullPolicy(image: string | undefined): string {
  if (!image || image.includes('@')) return 'IfNotPresent';
  const tag = image.lastIndexOf(':');
  const untagged = tag < 0 || tag < image.lastIndexOf('/');
  return untagged || image.endsWith(':latest') ? 'Always' : 'IfNotPresent';
}

const defaultedPort = (port: api.ContainerPort): api.ContainerPort => withZeroDefaults(port, portDefaults);

function defaultedEnvVar(env: api.EnvVar): api.EnvVar {
  const source = env.valueFrom;
  if (!source) return env;
  let out = source;
  if (out.fieldRef) out = withField(out, 'fieldRef', withZeroDefaults(out.fieldRef, fieldRefDefaults));
  if (out.resourceFieldRef) out = withField(out, 'resourceFieldRef', withDefaults(out.resourceFieldRef, resourceFieldRefDefaults));
  if (out.fileKeyRef) out = withField(out, 'fileKeyRef', withDefaults(out.fileKeyRef, fileKeyRefDefaults));
  return withField(env, 'valueFrom', out);
}

function defaultedProbe(probe: api.Probe): api.Probe {
  let out = withZeroDefaults(probe, probeDefaults);
  if (out.httpGet) out = withField(out, 'httpGet', withZeroDefaults(out.httpGet, httpGetDefaults));
  if (out.grpc) out = withField(out, 'grpc', withDefaults(out.grpc, grpcDefaults));
  return out;
}

function defaultedLifecycle(lifecycle: api.Lifecycle): api.Lifecycle {
  let out = lifecycle;
  if (out.postStart) out = withField(out, 'postStart', defaultedHandler(out.postStart));
  if (out.preStop) out = withField(out, 'preStop', defaultedHandler(out.preStop));
  return out;
}

const defaultedHandler = (handler: api.LifecycleHandler): api.LifecycleHandler =>
  handler.httpGet ? withField(handler, 'httpGet', withZeroDefaults(handler.httpGet, httpGetDefaults)) : handler;

export const defaultedFieldRef = (ref: api.ObjectFieldSelector): api.ObjectFieldSelector => withZeroDefaults(ref, fieldRefDefaults);
export const defaultedResourceFieldRef = (ref: api.ResourceFieldSelector): api.ResourceFieldSelector =>
  withDefaults(ref, resourceFieldRefDefaults);
