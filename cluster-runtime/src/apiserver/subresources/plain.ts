/** Subresources that are another way to read and write the object: the registry knows what each may change. */
import { handleResource } from '../resourceHandlers.ts';
import type { ObjectSubresource } from '../registry/registry.ts';
import type { Subresource } from './subresource.ts';

const plain = (name: ObjectSubresource, methods: readonly string[]): Subresource => ({
  methods,
  handle: (exchange, resource, context) => handleResource(exchange, resource, context, name),
});

const readAndWrite = ['GET', 'PUT', 'PATCH'];

export const status = plain('status', readAndWrite);
export const approval = plain('approval', readAndWrite);
export const ephemeralContainers = plain('ephemeralcontainers', readAndWrite);
export const resize = plain('resize', readAndWrite);
/** Only the finalizers of a namespace's spec; only PUT, as in Kubernetes. */
export const finalize = plain('finalize', ['PUT']);
