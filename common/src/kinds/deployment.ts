/** Deployment (apps/v1): replicas of a pod, replaced gradually when their template changes. */
import type { FieldError } from '#common/api/fieldError.ts';
import { invalid, notSupported, forbidden } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { deepEqual } from '#common/base/freeze.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { formatLabelSelector } from './columnText.ts';
import { type Column, defineKind } from './defineKind.ts';
import { replicasScale } from './workloads/replicasScale.ts';
import { withDefaults, withField } from './podSpec/copyOnWrite.ts';
import { defaultedPodTemplate } from './podSpec/defaults.ts';
import { internalForm } from './podSpec/internalForm.ts';
import { ineffectivePodFields } from './podSpec/ineffectiveFields.ts';
import { podSpecReferences } from './podSpec/references.ts';
import { templateColumns } from './podSpec/templateColumns.ts';
import { templateWarnings, workloadNameWarnings } from './podSpec/templateWarnings.ts';
import { immutable, notNegative } from './validation/values.ts';
import { checkAtMostAll, checkIntOrPercent, isNothing } from './workloads/intOrPercent.ts';
import {
  checkUsableSelector,
  checkTemplateLabels,
  validateRunningTemplate,
  validateSelector,
} from './workloads/podTemplateRules.ts';
import { checkCollisions, checkCounts, checkParts } from './workloads/statusRules.ts';
import { keepStatus } from './workloads/strategies.ts';

const specPath = FieldPath.of('spec');
const strategyTypes = ['Recreate', 'RollingUpdate'];
const specDefaults = { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 };
const rollingDefaults = { maxUnavailable: '25%', maxSurge: '25%' };

function applyDefaults(object: api.Deployment): void {
  const spec = withDefaults(object.spec ?? ({} as api.DeploymentSpec), specDefaults);
  const template = defaultedPodTemplate(spec.template);
  object.spec = withField(withField(spec, 'strategy', defaultedStrategy(spec.strategy)), 'template', template);
}

function defaultedStrategy(strategy: api.DeploymentStrategy = {}): api.DeploymentStrategy {
  const out = strategy.type ? strategy : { ...strategy, type: 'RollingUpdate' };
  return out.type === 'RollingUpdate'
    ? withField(out, 'rollingUpdate', withDefaults(out.rollingUpdate ?? {}, rollingDefaults))
    : out;
}

function validate({ spec }: api.Deployment): FieldError[] {
  const errors: FieldError[] = [];
  if (!spec) return errors;
  const selectorPath = specPath.child('selector');
  errors.push(...notNegative(specPath.child('replicas'), spec.replicas));
  validateSelector(spec.selector, 'empty selector is invalid for deployment', selectorPath, errors);
  if (checkUsableSelector(spec.selector, selectorPath, errors)) {
    const templatePath = specPath.child('template');
    checkTemplateLabels(spec.selector, spec.template, templatePath, errors);
    validateRunningTemplate(spec.template, 'ReplicaSet', templatePath, errors);
  }
  validateStrategy(spec.strategy ?? {}, specPath.child('strategy'), errors);
  errors.push(...notNegative(specPath.child('minReadySeconds'), spec.minReadySeconds));
  errors.push(...notNegative(specPath.child('revisionHistoryLimit'), spec.revisionHistoryLimit));
  const deadline = spec.progressDeadlineSeconds;
  if (deadline != null) {
    const at = specPath.child('progressDeadlineSeconds');
    errors.push(...notNegative(at, deadline));
    if (deadline <= (spec.minReadySeconds ?? 0)) errors.push(invalid(at, deadline, 'must be greater than minReadySeconds'));
  }
  return errors;
}

function validateStrategy(strategy: api.DeploymentStrategy, path: FieldPath, errors: FieldError[]): void {
  const rolling = strategy.rollingUpdate;
  if (strategy.type === 'Recreate') {
    if (rolling) errors.push(forbidden(path.child('rollingUpdate'), "may not be specified when strategy `type` is 'Recreate'"));
  } else if (strategy.type !== 'RollingUpdate') {
    errors.push(notSupported(path, internalForm('DeploymentStrategy', strategy), strategyTypes));
  } else if (rolling) {
    const unavailable = path.child('rollingUpdate', 'maxUnavailable');
    checkIntOrPercent(rolling.maxUnavailable, unavailable, errors);
    checkIntOrPercent(rolling.maxSurge, path.child('rollingUpdate', 'maxSurge'), errors);
    if (isNothing(rolling.maxUnavailable) && isNothing(rolling.maxSurge)) {
      errors.push(invalid(unavailable, rolling.maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
    }
    checkAtMostAll(rolling.maxUnavailable, unavailable, errors);
  }
}

function validateStatusUpdate(object: api.Deployment, old: api.Deployment): FieldError[] {
  const errors: FieldError[] = [];
  const status = object.status ?? {};
  checkCounts(
    status,
    [
      'observedGeneration',
      'replicas',
      'updatedReplicas',
      'readyReplicas',
      'availableReplicas',
      'unavailableReplicas',
      'terminatingReplicas',
      'collisionCount',
    ],
    errors,
  );
  checkParts(status, ['updatedReplicas', 'readyReplicas', 'availableReplicas'], status.replicas, 'status.replicas', errors);
  checkParts(status, ['availableReplicas'], status.readyReplicas, 'readyReplicas', errors);
  checkCollisions(status.collisionCount, old.status?.collisionCount, errors);
  return errors;
}

const count = (name: string, cell: (object: api.Deployment) => number): Column<api.Deployment> => ({
  name,
  type: 'string',
  cell,
});

export const Deployment = defineKind<api.Deployment>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  subresources: {
    status: true,
    scale: replicasScale,
  },
  applyDefaults,
  prepareForCreate(object) {
    object.status = {};
  },
  prepareForUpdate: keepStatus,
  prepareForStatusUpdate(object, old) {
    if (old.spec) object.spec = old.spec;
    const { labels: _, ...metadata } = object.metadata;
    object.metadata = old.metadata.labels ? { ...metadata, labels: old.metadata.labels } : metadata;
  },
  validate,
  validateUpdate: (object, old) => immutable(specPath.child('selector'), object.spec?.selector, old.spec?.selector),
  validateStatusUpdate,
  warnings: (object, old) => [
    ...(old ? [] : workloadNameWarnings(object.metadata.name)),
    ...templateWarnings(object.spec?.template, old?.spec?.template, 'spec.template'),
  ],
  // Annotations count: that is how a rollout is noted.
  specChanged: (object, old) =>
    !deepEqual(object.spec, old.spec) || !deepEqual(object.metadata.annotations ?? {}, old.metadata.annotations ?? {}),
  columns: [
    nameColumn,
    textColumn('Ready', (object) => `${object.status?.readyReplicas ?? 0}/${object.spec?.replicas ?? 0}`),
    count('Up-to-date', (object) => object.status?.updatedReplicas ?? 0),
    count('Available', (object) => object.status?.availableReplicas ?? 0),
    ageColumn,
    ...templateColumns<api.Deployment>(
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
