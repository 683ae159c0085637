/** VolumeAttachment (storage.k8s.io/v1): the wish that a volume be attached to a node, and how that went. */
import { type FieldError, forbidden, invalid, required, tooLong } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { byteLength, dns1123SubdomainErrors, rangeProblem } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { validateInlineVolume } from './validation/persistentVolume.ts';
import { goStructure, nested, plain } from './validation/goStructure.ts';
import { immutableText, problemsAt, sameValue } from './validation/values.ts';
import { validateCsiDriverName } from './validation/volumeSources.ts';

const specPath = FieldPath.of('spec');
const statusPath = FieldPath.of('status');
const maxTextBytes = 262_144;
const maxInt32 = 2_147_483_647;
const specShape = [
  plain('Attacher', ''),
  nested('Source', 'value', [plain('PersistentVolumeName'), plain('InlineVolumeSpec')]),
  plain('NodeName', ''),
];

export const VolumeAttachment = defineKind<api.VolumeAttachment>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  namespaced: false,
  subresources: { status: true },
  hasGeneration: false,
  unconditionalUpdate: false,
  deleteAnswersObject: true,
  prepareForCreate(attachment) {
    attachment.status = { attached: false };
  },
  prepareForUpdate(attachment, old) {
    if (old.status) attachment.status = old.status;
    else delete attachment.status;
  },
  prepareForStatusUpdate(attachment, old) {
    attachment.spec = old.spec;
  },
  validate,
  validateUpdate(attachment, old) {
    if (sameValue(attachment.spec, old.spec)) return [];
    return [invalid(specPath, goStructure(specShape, attachment.spec), immutableText)];
  },
  validateStatusUpdate: ({ status }) => [
    ...validateVolumeError(status?.attachError, statusPath.child('attachError')),
    ...validateVolumeError(status?.detachError, statusPath.child('detachError')),
  ],
  columns: [
    nameColumn,
    { ...textColumn<api.VolumeAttachment>('Attacher', (attachment) => attachment.spec?.attacher ?? ''), format: 'name' },
    textColumn('PV', (attachment) => attachment.spec?.source?.persistentVolumeName ?? ''),
    textColumn('Node', (attachment) => attachment.spec?.nodeName ?? ''),
    { name: 'Attached', type: 'boolean', cell: (attachment) => attachment.status?.attached ?? false },
    ageColumn,
  ],
  references: [
    { type: 'name', path: 'spec.nodeName', to: { group: '', kind: 'Node' } },
    { type: 'name', path: 'spec.source.persistentVolumeName', to: { group: '', kind: 'PersistentVolume' } },
  ],
});

function validate(attachment: api.VolumeAttachment): FieldError[] {
  const { attacher = '', source, nodeName = '' } = attachment.spec ?? {};
  const { persistentVolumeName, inlineVolumeSpec } = source ?? {};
  const errors = validateCsiDriverName(attacher, specPath.child('attacher'));
  const sourcePath = specPath.child('source');
  const exactlyOne = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
  if (persistentVolumeName === undefined && !inlineVolumeSpec) errors.push(required(sourcePath, exactlyOne));
  if (persistentVolumeName !== undefined && inlineVolumeSpec) errors.push(forbidden(sourcePath, exactlyOne));
  else if (inlineVolumeSpec) errors.push(...validateInlineVolume(inlineVolumeSpec, sourcePath.child('inlineVolumeSpec')));
  errors.push(...problemsAt(specPath.child('nodeName'), nodeName, dns1123SubdomainErrors(nodeName)));
  if (persistentVolumeName !== undefined) {
    const path = sourcePath.child('persistentVolumeName');
    errors.push(...problemsAt(path, persistentVolumeName, dns1123SubdomainErrors(persistentVolumeName)));
  }
  return errors;
}

function validateVolumeError(error: api.VolumeError | undefined, path: FieldPath): FieldError[] {
  if (!error) return [];
  const errors: FieldError[] = [];
  if (byteLength(error.message ?? '') > maxTextBytes) errors.push(tooLong(path.child('message'), maxTextBytes));
  const code = error.errorCode;
  if (code !== undefined && code < 0) errors.push(invalid(path.child('errorCode'), code, rangeProblem(0, maxInt32)));
  return errors;
}
