/**
 * Pod (v1). What all pod specs share is in podSpec/, what only pods have in pod/. Service account, tolerations and priority
 * come from the API server's admission.
 */
import type { FieldError } from '#common/api/fieldError.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineKind } from './defineKind.ts';
import { podColumns } from './pod/columns.ts';
import { applyPodDefaults } from './pod/defaults.ts';
import { preparePodForCreate, preparePodForStatusUpdate, preparePodForUpdate } from './pod/prepare.ts';
import { validatePodStatusUpdate } from './pod/statusUpdate.ts';
import { validateEphemeralContainersUpdate } from './pod/ephemeralContainersUpdate.ts';
import { validateResize } from './pod/resize.ts';
import { validatePodUpdate } from './pod/update.ts';
import { validatePod } from './pod/validation.ts';
import { podWarnings } from './pod/warnings.ts';
import { ineffectivePodFields } from './podSpec/ineffectiveFields.ts';
import { podSpecReferences } from './podSpec/references.ts';

const isFinished = (pod: api.Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** Nobody has to be asked to stop a pod that has no node or has ended. */
function deletionGrace(pod: api.Pod, asked: number | undefined): number {
  if (!pod.spec?.nodeName || isFinished(pod)) return 0;
  const seconds = asked ?? pod.spec.terminationGracePeriodSeconds ?? 0;
  return seconds < 0 ? 1 : seconds;
}

const selectableFields = (pod: api.Pod): Record<string, string> => ({
  'spec.nodeName': pod.spec?.nodeName ?? '',
  'spec.restartPolicy': pod.spec?.restartPolicy ?? '',
  'spec.schedulerName': pod.spec?.schedulerName ?? '',
  'spec.serviceAccountName': pod.spec?.serviceAccountName ?? '',
  'spec.hostNetwork': String(pod.spec?.hostNetwork ?? false),
  'status.phase': pod.status?.phase ?? '',
  'status.podIP': pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP ?? '',
  'status.nominatedNodeName': pod.status?.nominatedNodeName ?? '',
});

function validateSubresourceUpdate(subresource: string, pod: api.Pod, old: api.Pod): FieldError[] {
  if (subresource === 'ephemeralcontainers') return validateEphemeralContainersUpdate(pod, old);
  return subresource === 'resize' ? validateResize(pod, old) : [];
}

export const Pod = defineKind<api.Pod>({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  subresources: { status: true },
  applyDefaults: applyPodDefaults,
  prepareForCreate: preparePodForCreate,
  prepareForUpdate: preparePodForUpdate,
  prepareForStatusUpdate: preparePodForStatusUpdate,
  validate: validatePod,
  validateUpdate: validatePodUpdate,
  validateStatusUpdate: validatePodStatusUpdate,
  validateSubresourceUpdate,
  warnings: podWarnings,
  deletionGrace,
  deleteAnswersObject: true,
  selectableFields,
  selectableFieldNames: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  columns: podColumns,
  ineffectiveFields: ineffectivePodFields('spec'),
  references: podSpecReferences('spec'),
});
