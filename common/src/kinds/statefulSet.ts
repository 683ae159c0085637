/** StatefulSet (apps/v1): pods with names, places and storage of their own. */
import { type FieldError, forbidden } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123LabelErrors, maskTrailingDash } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { replicasScale } from './workloads/replicasScale.ts';
import { mapShared, withDefaults, withField } from './podSpec/copyOnWrite.ts';
import { defaultedPodTemplate } from './podSpec/defaults.ts';
import { ineffectivePodFields } from './podSpec/ineffectiveFields.ts';
import { podSpecReferences } from './podSpec/references.ts';
import { templateColumns } from './podSpec/templateColumns.ts';
import { templateWarnings } from './podSpec/templateWarnings.ts';
import { fractionWarning } from './podSpec/warningTexts.ts';
import { sameValue } from './validation/values.ts';
import { validateStatefulSet } from './workloads/statefulSetValidation.ts';
import { checkCollisions, checkCounts, checkParts } from './workloads/statusRules.ts';
import { keepStatus } from './workloads/strategies.ts';

const specPath = FieldPath.of('spec');
const specDefaults = { replicas: 1, revisionHistoryLimit: 10 };
const retentionDefaults = { whenDeleted: 'Retain', whenScaled: 'Retain' };
const claimSpecDefaults = { volumeMode: 'Filesystem' };
const mutable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

function applyDefaults(object: api.StatefulSet): void {
  let spec = withDefaults(object.spec ?? ({} as api.StatefulSetSpec), specDefaults);
  if (!spec.podManagementPolicy) spec = { ...spec, podManagementPolicy: 'OrderedReady' };
  spec = withField(spec, 'updateStrategy', defaultedStrategy(spec.updateStrategy));
  const retention = spec.persistentVolumeClaimRetentionPolicy ?? {};
  spec = withField(spec, 'persistentVolumeClaimRetentionPolicy', defaultedRetention(retention));
  if (spec.volumeClaimTemplates) {
    spec = withField(spec, 'volumeClaimTemplates', mapShared(spec.volumeClaimTemplates, defaultedClaim));
  }
  object.spec = withField(spec, 'template', defaultedPodTemplate(spec.template));
}

function defaultedStrategy(strategy: api.StatefulSetUpdateStrategy = {}): api.StatefulSetUpdateStrategy {
  const out = strategy.type ? strategy : { ...strategy, type: 'RollingUpdate' };
  if (out.type !== 'RollingUpdate') return out;
  return withField(out, 'rollingUpdate', withDefaults(out.rollingUpdate ?? {}, { partition: 0 }));
}

const defaultedRetention = (
  policy: api.StatefulSetPersistentVolumeClaimRetentionPolicy,
): api.StatefulSetPersistentVolumeClaimRetentionPolicy =>
  policy.whenDeleted && policy.whenScaled
    ? policy
    : {
        whenDeleted: policy.whenDeleted || retentionDefaults.whenDeleted,
        whenScaled: policy.whenScaled || retentionDefaults.whenScaled,
      };

/** Claims in a template look like claims, down to their type and first state. */
function defaultedClaim(claim: api.PersistentVolumeClaim): api.PersistentVolumeClaim {
  const out = withDefaults(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim' });
  const spec = withDefaults(out.spec ?? {}, claimSpecDefaults);
  const status = withDefaults(out.status ?? {}, { phase: 'Pending' });
  return withField(withField(out, 'spec', spec), 'status', status);
}

/** `maxUnavailable` is behind a feature that is off; what was stored with it stays. */
function dropDisabled(object: api.StatefulSet): void {
  const rolling = object.spec?.updateStrategy?.rollingUpdate;
  if (!object.spec || rolling?.maxUnavailable == null) return;
  const { maxUnavailable: _, ...rollingUpdate } = rolling;
  object.spec = { ...object.spec, updateStrategy: { ...object.spec.updateStrategy, rollingUpdate } };
}

function validateUpdate(object: api.StatefulSet, old: api.StatefulSet): FieldError[] {
  const rest = (spec: api.StatefulSetSpec | undefined): object =>
    Object.fromEntries(Object.entries(spec ?? {}).filter(([field]) => !mutable.includes(field)));
  if (sameValue(rest(object.spec), rest(old.spec))) return [];
  const fields = `${mutable
    .slice(0, -1)
    .map((field) => `'${field}'`)
    .join(', ')} and '${mutable.at(-1)}'`;
  return [forbidden(specPath, `updates to statefulset spec for fields other than ${fields} are forbidden`)];
}

function validateStatusUpdate(object: api.StatefulSet, old: api.StatefulSet): FieldError[] {
  const errors: FieldError[] = [];
  const status = object.status ?? { replicas: 0 };
  checkCounts(
    status,
    [
      'replicas',
      'readyReplicas',
      'currentReplicas',
      'updatedReplicas',
      'availableReplicas',
      'observedGeneration',
      'collisionCount',
    ],
    errors,
  );
  const parts = ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'] as const;
  checkParts(status, parts, status.replicas, 'status.replicas', errors);
  checkParts(status, ['availableReplicas'], status.readyReplicas, 'status.readyReplicas', errors);
  checkCollisions(status.collisionCount, old.status?.collisionCount, errors);
  return errors;
}

function warnings(object: api.StatefulSet, old: api.StatefulSet | undefined): string[] {
  const { spec } = object;
  const claims = (old ? [] : (spec?.volumeClaimTemplates ?? [])).flatMap((claim, i) =>
    fractionWarning(
      `spec.volumeClaimTemplates[${i}].resources.requests[storage]`,
      'storage',
      claim.spec?.resources?.requests?.['storage'],
    ),
  );
  const history = spec?.revisionHistoryLimit ?? 0;
  return [
    ...templateWarnings(spec?.template, old?.spec?.template, 'spec.template'),
    ...claims,
    ...(history < 0
      ? ['spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended']
      : []),
  ];
}

export const StatefulSet = defineKind<api.StatefulSet>({
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  shortNames: ['sts'],
  categories: ['all'],
  namespaced: true,
  subresources: {
    status: true,
    scale: replicasScale,
  },
  applyDefaults,
  prepareForCreate(object) {
    object.status = { replicas: 0, availableReplicas: 0 };
    dropDisabled(object);
  },
  prepareForUpdate(object, old) {
    keepStatus(object, old);
    if (old.spec?.updateStrategy?.rollingUpdate?.maxUnavailable == null) dropDisabled(object);
  },
  validate: validateStatefulSet,
  validateUpdate,
  validateStatusUpdate,
  warnings,
  // Pods are called after it, with a number.
  validateName: (name, prefix) => dns1123LabelErrors(prefix ? maskTrailingDash(name) : name),
  columns: [
    nameColumn,
    textColumn('Ready', (object) => `${object.status?.readyReplicas ?? 0}/${object.spec?.replicas ?? 0}`),
    ageColumn,
    ...templateColumns<api.StatefulSet>((object) => object.spec?.template),
  ],
  ineffectiveFields: ineffectivePodFields('spec.template.spec'),
  references: [
    { type: 'selector', path: 'spec.selector', form: 'labelSelector', to: { group: '', kind: 'Pod' } },
    { type: 'name', path: 'spec.serviceName', to: { group: '', kind: 'Service' } },
    {
      type: 'name',
      path: 'spec.volumeClaimTemplates[].spec.storageClassName',
      to: { group: 'storage.k8s.io', kind: 'StorageClass' },
    },
    ...podSpecReferences('spec.template.spec', 'spec.volumeClaimTemplates'),
  ],
});
