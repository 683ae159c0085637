/** RuntimeClass (node.k8s.io/v1): which container runtime runs a pod, what that costs, and where it is available. */
import { type FieldError, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { labelErrors } from '#common/api/labelErrors.ts';
import { dns1123LabelErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { validateResources } from './podSpec/resources.ts';
import { validateSchedulingTolerations } from './validation/schedulingTolerations.ts';
import { immutable, problemsAt } from './validation/values.ts';

const handlerPath = FieldPath.of('handler');
const schedulingPath = FieldPath.of('scheduling');

export const RuntimeClass = defineKind<api.RuntimeClass>({
  group: 'node.k8s.io',
  version: 'v1',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  namespaced: false,
  hasGeneration: false,
  createOnUpdate: true,
  unconditionalUpdate: false,
  validate,
  validateUpdate: (runtime, old) => immutable(handlerPath, runtime.handler, old.handler),
  columns: [nameColumn, textColumn('Handler', (runtime) => runtime.handler), ageColumn],
});

function validate(runtime: api.RuntimeClass): FieldError[] {
  const errors: FieldError[] = [];
  const { handler = '', overhead, scheduling } = runtime;
  errors.push(...(handler ? problemsAt(handlerPath, handler, dns1123LabelErrors(handler)) : [required(handlerPath)]));
  // The overhead is judged like a container's limits, and the message says so.
  if (overhead) validateResources({ limits: overhead.podFixed ?? {} }, new Set(), FieldPath.of('overhead'), errors);
  if (scheduling?.nodeSelector) errors.push(...labelErrors(schedulingPath.child('nodeSelector'), scheduling.nodeSelector));
  if (scheduling?.tolerations) {
    errors.push(...validateSchedulingTolerations(scheduling.tolerations, schedulingPath.child('tolerations')));
  }
  return errors;
}
