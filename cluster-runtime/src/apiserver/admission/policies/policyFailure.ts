/** How policies refuse requests, and what is wrong with a policy or its binding as opposed to with the request. */
import { ApiError, forbiddenError, type StatusReason } from '#common/api/status.ts';
import type { AdmissionRequest } from '../admission.ts';
import { requestedKind } from '../matching/requestMatcher.ts';

/** Whether it refuses the request is the policy's to say. The message is its part of the refusal. */
export class PolicyFailure extends Error {}

const codes: Readonly<Record<string, number>> = { Forbidden: 403, Invalid: 422, RequestEntityTooLarge: 413 };

function forbidden(request: AdmissionRequest, message: string): ApiError {
  const { group, plural } = requestedKind(request);
  return forbiddenError({ group, resource: plural }, request.name, message);
}

/** `configmaps "x" is forbidden: …`, with the code that goes with the reason. */
export function denial(request: AdmissionRequest, message: string, reason: string): ApiError {
  const { message: text, details } = forbidden(request, message);
  return new ApiError(codes[reason] ?? 422, reason as StatusReason, text, { ...details, causes: [{ message }] });
}

/** Mutating policies refuse without naming the object, and with the same code whatever the reason. */
export function mutationDenial(request: AdmissionRequest, message: string, reason: 'Invalid' | 'Forbidden'): ApiError {
  return new ApiError(403, reason, message, { ...forbidden(request, message).details, causes: [{ message }] });
}
