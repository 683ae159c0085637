/** Validation of a StatefulSet by itself. */
import { type FieldError, invalid, notSupported } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { labelSelectorProblem } from '#common/api/labelSelector.ts';
import { dns1123LabelErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { internalForm, labelSelectorForm } from '../podSpec/internalForm.ts';
import { validateClaimSpec } from '../validation/persistentVolumeClaim.ts';
import { notNegative, problemsAt } from '../validation/values.ts';
import { checkIntOrPercent } from './intOrPercent.ts';
import { checkTemplateLabels, validateRunningTemplate, validateSelector } from './podTemplateRules.ts';

const specPath = FieldPath.of('spec');
const retentionPolicies = ['Retain', 'Delete'];

export function validateStatefulSet({ spec }: api.StatefulSet): FieldError[] {
  const errors: FieldError[] = [];
  if (!spec) return errors;
  validatePolicies(spec, errors);
  spec.volumeClaimTemplates?.forEach((claim, i) => {
    errors.push(...validateClaimSpec(claim.spec ?? {}, specPath.child('volumeClaimTemplates').index(i).child('spec')));
  });
  errors.push(...notNegative(specPath.child('replicas'), spec.replicas));
  errors.push(...notNegative(specPath.child('minReadySeconds'), spec.minReadySeconds));
  if (spec.ordinals) errors.push(...notNegative(specPath.child('ordinals', 'start'), spec.ordinals.start));
  if (spec.serviceName) {
    errors.push(...problemsAt(specPath.child('serviceName'), spec.serviceName, dns1123LabelErrors(spec.serviceName)));
  }
  validateTemplate(spec, errors);
  return errors;
}

function validatePolicies(spec: api.StatefulSetSpec, errors: FieldError[]): void {
  const {
    podManagementPolicy: management = '',
    updateStrategy: strategy = {},
    persistentVolumeClaimRetentionPolicy: retention,
  } = spec;
  if (management !== 'OrderedReady' && management !== 'Parallel') {
    errors.push(invalid(specPath.child('podManagementPolicy'), management, "must be 'OrderedReady' or 'Parallel'"));
  }
  const path = specPath.child('updateStrategy');
  if (strategy.type === 'OnDelete') {
    if (strategy.rollingUpdate) {
      const form = internalForm('RollingUpdateStatefulSet', strategy.rollingUpdate);
      errors.push(invalid(path.child('rollingUpdate'), form, "only allowed for updateStrategy 'RollingUpdate'"));
    }
  } else if (strategy.type !== 'RollingUpdate') {
    const form = internalForm('StatefulSetUpdateStrategy', strategy);
    errors.push(invalid(path, form, "must be 'RollingUpdate' or 'OnDelete'"));
  } else if (strategy.rollingUpdate) {
    errors.push(...notNegative(path.child('rollingUpdate', 'partition'), strategy.rollingUpdate.partition));
    checkIntOrPercent(strategy.rollingUpdate.maxUnavailable, path.child('rollingUpdate', 'maxUnavailable'), errors);
  }
  for (const field of ['whenDeleted', 'whenScaled'] as const) {
    const value = retention?.[field] ?? '';
    if (!retention || retentionPolicies.includes(value)) continue;
    errors.push(notSupported(specPath.child('persistentVolumeClaimRetentionPolicy', field), value, retentionPolicies));
  }
}

function validateTemplate(spec: api.StatefulSetSpec, errors: FieldError[]): void {
  const selectorPath = specPath.child('selector');
  validateSelector(spec.selector, 'empty selector is invalid for statefulset', selectorPath, errors);
  if (spec.selector && labelSelectorProblem(spec.selector) !== undefined) {
    // Kubernetes says no more about it.
    errors.push(invalid(selectorPath, labelSelectorForm(spec.selector), ''));
    return;
  }
  const templatePath = specPath.child('template');
  checkTemplateLabels(spec.selector, spec.template, templatePath, errors);
  validateRunningTemplate(withClaimVolumes(spec), 'StatefulSet', templatePath, errors);
}

/** Each claim's template is a volume of the pods, in place of any of the same name. */
function withClaimVolumes({ template, volumeClaimTemplates }: api.StatefulSetSpec): api.PodTemplateSpec | undefined {
  if (!volumeClaimTemplates?.length || !template?.spec) return template;
  const claims = new Map(
    volumeClaimTemplates.map((claim): [string, api.Volume] => {
      const name = claim.metadata?.name ?? '';
      return [name, { name, persistentVolumeClaim: { claimName: name } }];
    }),
  );
  const others = (template.spec.volumes ?? []).filter((volume) => !claims.has(volume.name));
  return { ...template, spec: { ...template.spec, volumes: [...claims.values(), ...others] } };
}
