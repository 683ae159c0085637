/** ReplicationController (v1): the ReplicaSet's ancestor, with a plain map as its selector. */
import { type FieldError, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { selectorFromMap } from '#common/api/labelSelector.ts';
import { dns1123SubdomainErrors, maskTrailingDash } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { formatMap } from './columnText.ts';
import { type Column, defineKind } from './defineKind.ts';
import { withDefaults, withField } from './podSpec/copyOnWrite.ts';
import { defaultedPodTemplate } from './podSpec/defaults.ts';
import { ineffectivePodFields } from './podSpec/ineffectiveFields.ts';
import { podSpecReferences } from './podSpec/references.ts';
import { templateColumns } from './podSpec/templateColumns.ts';
import { templateWarnings, workloadNameWarnings } from './podSpec/templateWarnings.ts';
import { notNegative } from './validation/values.ts';
import { checkTemplateLabels, validateRunningTemplate } from './workloads/podTemplateRules.ts';
import { checkCounts, checkParts } from './workloads/statusRules.ts';
import { keepStatus } from './workloads/strategies.ts';

const specPath = FieldPath.of('spec');
const specDefaults = { replicas: 1 };

const isEmpty = (map: object | undefined): boolean => !map || Object.keys(map).length === 0;

/** Selector and own labels are taken from the template's labels when they are not given. */
function applyDefaults(object: api.ReplicationController): void {
  let spec = withDefaults(object.spec ?? {}, specDefaults);
  const labels = spec.template?.metadata?.labels;
  if (labels && isEmpty(spec.selector)) spec = { ...spec, selector: { ...labels } };
  if (labels && isEmpty(object.metadata.labels)) object.metadata.labels = { ...labels };
  object.spec = spec.template ? withField(spec, 'template', defaultedPodTemplate(spec.template)) : spec;
}

function validate({ spec = {} }: api.ReplicationController): FieldError[] {
  const errors: FieldError[] = [];
  errors.push(...notNegative(specPath.child('minReadySeconds'), spec.minReadySeconds));
  if (isEmpty(spec.selector)) errors.push(required(specPath.child('selector')));
  errors.push(...notNegative(specPath.child('replicas'), spec.replicas));
  const templatePath = specPath.child('template');
  if (!spec.template) {
    errors.push(required(templatePath));
    return errors;
  }
  if (!isEmpty(spec.selector)) checkTemplateLabels({ matchLabels: spec.selector ?? {} }, spec.template, templatePath, errors);
  validateRunningTemplate(spec.template, 'ReplicationController', templatePath, errors);
  return errors;
}

function validateStatusUpdate({ status }: api.ReplicationController): FieldError[] {
  const errors: FieldError[] = [];
  if (!status) return errors;
  checkCounts(status, ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'observedGeneration'], errors);
  checkParts(status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'], status.replicas, 'status.replicas', errors);
  checkParts(status, ['availableReplicas'], status.readyReplicas, 'readyReplicas', errors);
  return errors;
}

type RC = api.ReplicationController;
const count = (name: string, cell: (object: RC) => number): Column<RC> => ({ name, type: 'integer', cell });

export const ReplicationController = defineKind<api.ReplicationController>({
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  shortNames: ['rc'],
  categories: ['all'],
  namespaced: true,
  subresources: {
    status: true,
    scale: {
      specReplicas: (object) => object.spec?.replicas,
      setSpecReplicas(object, replicas) {
        object.spec = { ...object.spec, replicas };
      },
      statusReplicas: (object) => object.status?.replicas ?? 0,
      selectorText: (object) => selectorFromMap(object.spec?.selector).text,
    },
  },
  applyDefaults,
  prepareForCreate(object) {
    object.status = { replicas: 0 };
  },
  prepareForUpdate: keepStatus,
  validate,
  validateStatusUpdate,
  warnings: (object, old) => [
    ...(old ? [] : workloadNameWarnings(object.metadata.name)),
    ...templateWarnings(object.spec?.template, old?.spec?.template, 'spec.template'),
  ],
  validateName: (name, prefix) => dns1123SubdomainErrors(prefix ? maskTrailingDash(name) : name, 'bytes'),
  defaultPropagation: 'orphan',
  selectableFields: (object) => ({ 'status.replicas': String(object.status?.replicas ?? 0) }),
  selectableFieldNames: ['status.replicas'],
  columns: [
    nameColumn,
    count('Desired', (object) => object.spec?.replicas ?? 0),
    count('Current', (object) => object.status?.replicas ?? 0),
    count('Ready', (object) => object.status?.readyReplicas ?? 0),
    ageColumn,
    ...templateColumns<RC>(
      (object) => object.spec?.template,
      (object) => formatMap(object.spec?.selector),
    ),
  ],
  ineffectiveFields: ineffectivePodFields('spec.template.spec'),
  references: [
    { type: 'selector', path: 'spec.selector', form: 'map', to: { group: '', kind: 'Pod' } },
    ...podSpecReferences('spec.template.spec'),
  ],
});
