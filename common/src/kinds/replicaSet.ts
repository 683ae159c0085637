/** ReplicaSet (apps/v1): so many pods of one template. */
import type { FieldError } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { formatLabelSelector } from './columnText.ts';
import { type Column, defineKind } from './defineKind.ts';
import { replicasScale } from './workloads/replicasScale.ts';
import { withDefaults, withField } from './podSpec/copyOnWrite.ts';
import { defaultedPodTemplate } from './podSpec/defaults.ts';
import { ineffectivePodFields } from './podSpec/ineffectiveFields.ts';
import { podSpecReferences } from './podSpec/references.ts';
import { templateColumns } from './podSpec/templateColumns.ts';
import { templateWarnings, workloadNameWarnings } from './podSpec/templateWarnings.ts';
import { immutable, notNegative } from './validation/values.ts';
import {
  checkTemplateLabels,
  checkUsableSelector,
  validateRunningTemplate,
  validateSelector,
} from './workloads/podTemplateRules.ts';
import { checkCounts, checkParts } from './workloads/statusRules.ts';
import { keepStatus } from './workloads/strategies.ts';

const specPath = FieldPath.of('spec');
const specDefaults = { replicas: 1 };

function applyDefaults(object: api.ReplicaSet): void {
  const spec = withDefaults(object.spec ?? ({} as api.ReplicaSetSpec), specDefaults);
  object.spec = withField(spec, 'template', defaultedPodTemplate(spec.template));
}

function validate({ spec }: api.ReplicaSet): FieldError[] {
  const errors: FieldError[] = [];
  if (!spec) return errors;
  const selectorPath = specPath.child('selector');
  errors.push(...notNegative(specPath.child('replicas'), spec.replicas));
  errors.push(...notNegative(specPath.child('minReadySeconds'), spec.minReadySeconds));
  // The message names the Deployment, whose ReplicaSets these mostly are.
  validateSelector(spec.selector, 'empty selector is invalid for deployment', selectorPath, errors);
  if (checkUsableSelector(spec.selector, selectorPath, errors)) {
    const templatePath = specPath.child('template');
    checkTemplateLabels(spec.selector, spec.template, templatePath, errors);
    validateRunningTemplate(spec.template, 'ReplicaSet', templatePath, errors);
  }
  return errors;
}

function validateStatusUpdate({ status }: api.ReplicaSet): FieldError[] {
  const errors: FieldError[] = [];
  if (!status) return errors;
  checkCounts(
    status,
    ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'observedGeneration', 'terminatingReplicas'],
    errors,
  );
  checkParts(status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'], status.replicas, 'status.replicas', errors);
  checkParts(status, ['availableReplicas'], status.readyReplicas, 'readyReplicas', errors);
  return errors;
}

const count = (name: string, cell: (object: api.ReplicaSet) => number): Column<api.ReplicaSet> => ({
  name,
  type: 'integer',
  cell,
});

export const ReplicaSet = defineKind<api.ReplicaSet>({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  subresources: {
    status: true,
    scale: replicasScale,
  },
  applyDefaults,
  prepareForCreate(object) {
    object.status = { replicas: 0 };
  },
  prepareForUpdate: keepStatus,
  validate,
  validateUpdate: (object, old) => immutable(specPath.child('selector'), object.spec?.selector, old.spec?.selector),
  validateStatusUpdate,
  warnings: (object, old) => [
    ...(old ? [] : workloadNameWarnings(object.metadata.name)),
    ...templateWarnings(object.spec?.template, old?.spec?.template, 'spec.template'),
  ],
  columns: [
    nameColumn,
    count('Desired', (object) => object.spec?.replicas ?? 0),
    count('Current', (object) => object.status?.replicas ?? 0),
    count('Ready', (object) => object.status?.readyReplicas ?? 0),
    ageColumn,
    ...templateColumns<api.ReplicaSet>(
      (object) => object.spec?.template,
      (object) => formatLabelSelector(object.spec?.selector),
    ),
  ],
  ineffectiveFields: ineffectivePodFields('spec.template.spec'),
  references: [
    { type: 'selector', path: 'spec.selector', form: 'labelSelector', to: { group: '', kind: 'Pod' } },
    ...podSpecReferences('spec.template.spec'),
  ],
});
