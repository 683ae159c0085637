/** DaemonSet (apps/v1): a pod on every node. */
import { type FieldError, invalid, notSupported, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { deepEqual } from '#common/base/freeze.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { formatLabelSelector, formatMap } from './columnText.ts';
import { type Column, defineKind } from './defineKind.ts';
import { withDefaults, withField } from './podSpec/copyOnWrite.ts';
import { defaultedPodTemplate } from './podSpec/defaults.ts';
import { internalForm } from './podSpec/internalForm.ts';
import { ineffectivePodFields } from './podSpec/ineffectiveFields.ts';
import { podSpecReferences } from './podSpec/references.ts';
import { templateColumns } from './podSpec/templateColumns.ts';
import { templateWarnings } from './podSpec/templateWarnings.ts';
import { validateLabelSelector } from './validation/labelSelector.ts';
import { immutable, notNegative } from './validation/values.ts';
import { checkAtMostAll, checkIntOrPercent, isNothing } from './workloads/intOrPercent.ts';
import { checkTemplateLabels, isEmptySelector, validateRunningTemplate } from './workloads/podTemplateRules.ts';
import { checkCollisions, checkCounts } from './workloads/statusRules.ts';
import { keepStatus } from './workloads/strategies.ts';

const specPath = FieldPath.of('spec');
const specDefaults = { revisionHistoryLimit: 10 };
const rollingDefaults = { maxUnavailable: 1, maxSurge: 0 };
const emptyStatus = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
/** Counts changes of the template; older clients look at it. */
const templateGeneration = 'deprecated.daemonset.template.generation';

function applyDefaults(object: api.DaemonSet): void {
  const spec = withDefaults(object.spec ?? ({} as api.DaemonSetSpec), specDefaults);
  const updateStrategy = defaultedStrategy(spec.updateStrategy);
  object.spec = withField(withField(spec, 'updateStrategy', updateStrategy), 'template', defaultedPodTemplate(spec.template));
}

function defaultedStrategy(strategy: api.DaemonSetUpdateStrategy = {}): api.DaemonSetUpdateStrategy {
  const out = strategy.type ? strategy : { ...strategy, type: 'RollingUpdate' };
  return out.type === 'RollingUpdate'
    ? withField(out, 'rollingUpdate', withDefaults(out.rollingUpdate ?? {}, rollingDefaults))
    : out;
}

function setTemplateGeneration(object: api.DaemonSet, generation: number): void {
  const annotations = { ...object.metadata.annotations, [templateGeneration]: String(generation) };
  object.metadata = { ...object.metadata, annotations };
}

function validate({ spec }: api.DaemonSet): FieldError[] {
  const errors: FieldError[] = [];
  if (!spec) return errors;
  const selectorPath = specPath.child('selector');
  if (spec.selector) {
    validateLabelSelector(spec.selector, selectorPath, errors);
    if (isEmptySelector(spec.selector)) errors.push(invalid(selectorPath, {}, 'empty selector is invalid for daemonset'));
  }
  const templatePath = specPath.child('template');
  checkTemplateLabels(spec.selector, spec.template, templatePath, errors);
  validateRunningTemplate(spec.template, 'DaemonSet', templatePath, errors);
  errors.push(...notNegative(specPath.child('minReadySeconds'), spec.minReadySeconds));
  validateStrategy(spec.updateStrategy ?? {}, specPath.child('updateStrategy'), errors);
  errors.push(...notNegative(specPath.child('revisionHistoryLimit'), spec.revisionHistoryLimit));
  return errors;
}

function validateStrategy(strategy: api.DaemonSetUpdateStrategy, path: FieldPath, errors: FieldError[]): void {
  if (strategy.type === 'OnDelete') return;
  const at = path.child('rollingUpdate');
  if (strategy.type !== 'RollingUpdate') {
    errors.push(notSupported(path, internalForm('DaemonSetUpdateStrategy', strategy), ['RollingUpdate', 'OnDelete']));
  } else if (!strategy.rollingUpdate) {
    errors.push(required(at));
  } else {
    const { maxUnavailable, maxSurge } = strategy.rollingUpdate;
    checkIntOrPercent(maxUnavailable, at.child('maxUnavailable'), errors);
    checkIntOrPercent(maxSurge, at.child('maxSurge'), errors);
    checkAtMostAll(maxUnavailable, at.child('maxUnavailable'), errors);
    checkAtMostAll(maxSurge, at.child('maxSurge'), errors);
    if (!isNothing(maxUnavailable) && !isNothing(maxSurge)) {
      errors.push(invalid(at.child('maxSurge'), maxSurge, 'may not be set when maxUnavailable is non-zero'));
    } else if (isNothing(maxUnavailable) && isNothing(maxSurge)) {
      errors.push(required(at.child('maxUnavailable'), 'cannot be 0 when maxSurge is 0'));
    }
  }
}

function validateStatusUpdate(object: api.DaemonSet, old: api.DaemonSet): FieldError[] {
  const errors: FieldError[] = [];
  const status = object.status ?? emptyStatus;
  checkCounts(
    status as api.DaemonSetStatus,
    [
      'currentNumberScheduled',
      'numberMisscheduled',
      'desiredNumberScheduled',
      'numberReady',
      'observedGeneration',
      'updatedNumberScheduled',
      'numberAvailable',
      'numberUnavailable',
      'collisionCount',
    ],
    errors,
  );
  checkCollisions((status as api.DaemonSetStatus).collisionCount, old.status?.collisionCount, errors);
  return errors;
}

const count = (name: string, cell: (object: api.DaemonSet) => number | undefined): Column<api.DaemonSet> => ({
  name,
  type: 'integer',
  cell: (object) => cell(object) ?? 0,
});

export const DaemonSet = defineKind<api.DaemonSet>({
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  shortNames: ['ds'],
  categories: ['all'],
  namespaced: true,
  subresources: { status: true },
  applyDefaults,
  prepareForCreate(object) {
    object.status = { ...emptyStatus };
    setTemplateGeneration(object, 1);
  },
  prepareForUpdate(object, old) {
    keepStatus(object, old);
    const before = Number(old.metadata.annotations?.[templateGeneration] ?? 0);
    setTemplateGeneration(object, deepEqual(object.spec?.template, old.spec?.template) ? before : before + 1);
  },
  validate,
  validateUpdate: (object, old) => immutable(specPath.child('selector'), object.spec?.selector, old.spec?.selector),
  validateStatusUpdate,
  warnings: (object, old) => templateWarnings(object.spec?.template, old?.spec?.template, 'spec.template'),
  columns: [
    nameColumn,
    count('Desired', (object) => object.status?.desiredNumberScheduled),
    count('Current', (object) => object.status?.currentNumberScheduled),
    count('Ready', (object) => object.status?.numberReady),
    count('Up-to-date', (object) => object.status?.updatedNumberScheduled),
    count('Available', (object) => object.status?.numberAvailable),
    textColumn('Node Selector', (object) => formatMap(object.spec?.template?.spec?.nodeSelector)),
    ageColumn,
    ...templateColumns<api.DaemonSet>(
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
