/** What a plain update may change of a pod: images, a few deadlines, more tolerations, fewer scheduling gates. */
import { type FieldError, forbidden, invalid, required } from '#common/api/fieldError.ts';
import { rangeProblem } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { internalLines, internalPodSpec } from '../podSpec/internalForm.ts';
import { unifiedDiff } from '../podSpec/lineDiff.ts';
import { sameValue } from '../validation/values.ts';
import { validateAnnotationsUpdate } from './annotationsUpdate.ts';
import { validateGatedUpdate, withGatedFields } from './gatedUpdate.ts';
import { specPath } from './validation.ts';

const maxInt32 = 2_147_483_647;
const allowedFields =
  '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to ' +
  'existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

export function validatePodUpdate(pod: api.Pod, old: api.Pod): FieldError[] {
  const errors = validateAnnotationsUpdate(pod, old);
  const [spec, oldSpec] = [pod.spec, old.spec];
  if (!spec || !oldSpec || spec === oldSpec) return errors;
  if (!checkContainers(spec.containers ?? [], oldSpec.containers ?? [], 'containers', errors)) return errors;
  if (!checkContainers(spec.initContainers ?? [], oldSpec.initContainers ?? [], 'initContainers', errors)) return errors;
  if (!checkDeadline(spec.activeDeadlineSeconds, oldSpec.activeDeadlineSeconds, errors)) return errors;
  checkTolerations(spec.tolerations ?? [], oldSpec.tolerations ?? [], errors);
  checkGates(spec.schedulingGates ?? [], oldSpec.schedulingGates ?? [], errors);
  let allowed = withAllowedFields(spec, oldSpec);
  if (oldSpec.schedulingGates?.length) {
    validateGatedUpdate(spec, oldSpec, errors);
    allowed = withGatedFields(allowed, oldSpec);
  }
  if (!sameValue(allowed, oldSpec)) {
    const difference = unifiedDiff(internalLines(internalPodSpec(oldSpec)), internalLines(internalPodSpec(allowed)));
    errors.push(forbidden(specPath, `pod updates may not change fields other than ${allowedFields}\n${difference}`));
  }
  return errors;
}

/** False: the lists cannot be compared further. */
function checkContainers(
  containers: readonly api.Container[],
  old: readonly api.Container[],
  field: string,
  errors: FieldError[],
): boolean {
  if (containers.length !== old.length) {
    errors.push(forbidden(specPath.child(field), 'pod updates may not add or remove containers'));
    return false;
  }
  containers.forEach(({ image }, i) => {
    const at = specPath.child(field).index(i).child('image');
    if (!image) errors.push(required(at));
    else if (image.trim() !== image) errors.push(invalid(at, image, 'must not have leading or trailing whitespace'));
  });
  return true;
}

/** A deadline may be set, and come closer. */
function checkDeadline(seconds: number | undefined, old: number | undefined, errors: FieldError[]): boolean {
  const at = specPath.child('activeDeadlineSeconds');
  if (seconds == null) {
    if (old == null) return true;
    errors.push(invalid(at, null, 'must not update from a positive integer to nil value'));
    return true;
  }
  if (seconds < 0 || seconds > maxInt32) errors.push(invalid(at, seconds, rangeProblem(0, maxInt32)));
  else if (old != null && old < seconds) errors.push(invalid(at, seconds, 'must be less than or equal to previous value'));
  else return true;
  return false;
}

/** Those that were there must stay, but for how long they tolerate. */
function checkTolerations(tolerations: readonly api.Toleration[], old: readonly api.Toleration[], errors: FieldError[]): void {
  const withoutSeconds = ({ tolerationSeconds: _, ...rest }: api.Toleration): object => rest;
  for (const before of old) {
    if (tolerations.some((after) => after === before || sameValue(withoutSeconds(after), withoutSeconds(before)))) continue;
    const text = 'existing toleration can not be modified except its tolerationSeconds';
    errors.push(forbidden(specPath.child('tolerations'), text));
    return;
  }
}

function checkGates(gates: readonly api.PodSchedulingGate[], old: readonly api.PodSchedulingGate[], errors: FieldError[]): void {
  gates.forEach(({ name }, i) => {
    if (old.some((gate) => gate.name === name)) return;
    const text = `only deletion is allowed, but found new scheduling gate '${name}'`;
    errors.push(forbidden(specPath.child('schedulingGates').index(i).child('name'), text));
  });
}

/** The new spec with everything put back that may change. */
function withAllowedFields(spec: api.PodSpec, old: api.PodSpec): api.PodSpec {
  const allowed: Record<string, unknown> = {
    ...spec,
    containers: withImages(spec.containers, old.containers),
    initContainers: withImages(spec.initContainers, old.initContainers),
    activeDeadlineSeconds: old.activeDeadlineSeconds,
    tolerations: old.tolerations,
    schedulingGates: old.schedulingGates,
  };
  if ((old.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1) {
    allowed['terminationGracePeriodSeconds'] = old.terminationGracePeriodSeconds;
  }
  return allowed as unknown as api.PodSpec;
}

const withImages = (
  containers: readonly api.Container[] | undefined,
  old: readonly api.Container[] | undefined,
): api.Container[] | undefined =>
  containers?.map((container, i) =>
    container.image === old?.[i]?.image ? container : { ...container, image: old?.[i]?.image ?? '' },
  );
