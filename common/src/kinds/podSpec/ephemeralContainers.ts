/** Debugging containers that are added to a running pod: what they may not have, and whom they may look into. */
import { duplicate, forbidden, invalid, notFoundField } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { validateCommon } from './containers.ts';
import type { PodContext } from './validationContext.ts';

/** In Kubernetes' order. */
const forbiddenFields = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
] as const;
const notHere = 'cannot be set for an Ephemeral Container';

export function validateEphemeralContainers(
  ephemeral: readonly api.EphemeralContainer[],
  ctx: PodContext,
  path: FieldPath,
): void {
  const { errors, spec } = ctx;
  const others = new Set([...(spec.containers ?? []), ...(spec.initContainers ?? [])].map((container) => container.name));
  const names = new Set(others);
  ephemeral.forEach((container, i) => {
    const at = path.index(i);
    validateCommon(withoutForbidden(container), ctx, at, errors);
    if (names.has(container.name ?? '')) errors.push(duplicate(at.child('name'), container.name ?? ''));
    else if (container.name) names.add(container.name);
    if (container.targetContainerName && !others.has(container.targetContainerName)) {
      errors.push(notFoundField(at.child('targetContainerName'), container.targetContainerName));
    }
    for (const field of forbiddenFields) {
      if (isSet(container[field])) errors.push(forbidden(at.child(field), notHere));
    }
    container.volumeMounts?.forEach((mount, j) => {
      for (const field of ['subPath', 'subPathExpr'] as const) {
        if (mount[field]) errors.push(forbidden(at.child('volumeMounts').index(j).child(field), notHere));
      }
    });
    const { image } = container;
    if (image && image.trim() !== image) {
      errors.push(invalid(at.child('image'), image, 'must not have leading or trailing whitespace'));
    }
  });
}

/** Defaults fill in `resources: {}`, so that only what holds something counts. */
const isSet = (value: unknown): boolean =>
  value != null && value !== '' && (typeof value !== 'object' || Array.isArray(value) || Object.keys(value).length > 0);

/** What is refused as a whole is not looked into. */
function withoutForbidden(container: api.EphemeralContainer): api.EphemeralContainer {
  if (!container.ports && !container.resizePolicy) return container;
  const { ports: _ports, resizePolicy: _resizePolicy, ...rest } = container;
  return rest;
}
