/**
 * What a container gets when its author leaves it out: pull policy, termination message, protocols, probe timings.
 * The same for containers, init containers and ephemeral containers, in pods and in templates.
 */
import type * as api from '#common/schema/generated/types.ts';
import { mapShared, withDefaults, withField, withFields, withZeroDefaults } from './copyOnWrite.ts';

type AnyContainer = api.Container | api.EphemeralContainer;

const portDefaults = { protocol: 'TCP' };
const probeDefaults = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
const httpGetDefaults = { path: '/', scheme: 'HTTP' };
const grpcDefaults = { service: '' };
const fieldRefDefaults = { apiVersion: 'v1' };
const resourceFieldRefDefaults = { divisor: '0' };
const fileKeyRefDefaults = { optional: false };

export function defaultedContainer<T extends AnyContainer>(container: T): T {
  const { ports, env, livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  const fields: Partial<api.Container> = {
    terminationMessagePath: container.terminationMessagePath || '/dev/termination-log',
    terminationMessagePolicy: container.terminationMessagePolicy || 'File',
    imagePullPolicy: container.imagePullPolicy || defaultPullPolicy(container.image),
    // Go's zero struct: an absent `resources` is written as an empty one.
    resources: container.resources ?? {},
  };
  if (ports) fields.ports = mapShared(ports, defaultedPort);
  if (env) fields.env = mapShared(env, defaultedEnvVar);
  if (livenessProbe) fields.livenessProbe = defaultedProbe(livenessProbe);
  if (readinessProbe) fields.readinessProbe = defaultedProbe(readinessProbe);
  if (startupProbe) fields.startupProbe = defaultedProbe(startupProbe);
  if (lifecycle) fields.lifecycle = defaultedLifecycle(lifecycle);
  return withFields<T>(container, fields as Partial<T>);
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
  if (out.resourceFieldRef)
    out = withField(out, 'resourceFieldRef', withDefaults(out.resourceFieldRef, resourceFieldRefDefaults));
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

export const defaultedFieldRef = (ref: api.ObjectFieldSelector): api.ObjectFieldSelector =>
  withZeroDefaults(ref, fieldRefDefaults);
export const defaultedResourceFieldRef = (ref: api.ResourceFieldSelector): api.ResourceFieldSelector =>
  withDefaults(ref, resourceFieldRefDefaults);
