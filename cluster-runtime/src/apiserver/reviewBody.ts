/** What all reviews share: the body is decoded like an object's, the answer is sent and nothing is stored. */
import type { FieldError } from '#common/api/fieldError.ts';
import { aggregateText, fieldErrorBody } from '#common/api/fieldError.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { ApiError } from '#common/api/status.ts';
import { decodeObjectBody } from './bodyDecoding.ts';
import { sendObjectBytes } from './encode.ts';
import { readBody } from './http/body.ts';
import type { Exchange } from './http/exchange.ts';
import { negotiate } from './negotiation.ts';
import { parseWriteQuery } from './options.ts';
import type { Resource } from './registry/registry.ts';
import { ensureNamespace } from './resourceHandlers.ts';

/** Reads a review of the kind that `resource` serves. */
export async function readReview<T extends KubeObject>(exchange: Exchange, resource: Resource): Promise<T> {
  const { request } = exchange;
  const body = await readBody(request);
  const query = parseWriteQuery('CreateOptions', exchange.query, request.headers['user-agent']);
  const expected = { gvk: resource.kind, type: resource.type, custom: false };
  const { object, warnings } = await decodeObjectBody(body, request.headers['content-type'], expected, query.fieldValidation);
  for (const warning of warnings) exchange.warn(warning);
  (object as Partial<KubeObject>).metadata ??= {};
  ensureNamespace(exchange, resource, object);
  return object as T;
}

export function sendReview(exchange: Exchange, review: object): void {
  const form = negotiate(exchange.request.headers.accept, false, false);
  sendObjectBytes(exchange, 201, Buffer.from(JSON.stringify(review)), form.mediaType, form.pretty);
}

/** Reviews are refused under their group alone: Kubernetes names neither kind nor object. */
export function invalidReview(group: string, errors: readonly FieldError[]): ApiError {
  return new ApiError(422, 'Invalid', `.${group} "" is invalid: ${aggregateText(errors)}`, {
    group,
    causes: errors.map((error) => ({ reason: error.type, message: fieldErrorBody(error), field: error.path.toString() })),
  });
}
