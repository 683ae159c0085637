/** PodTemplate (v1): a template that stands alone. */
import type { FieldError } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { nameColumn, textColumn } from './columns.ts';
import { formatMap } from './columnText.ts';
import { defineKind } from './defineKind.ts';
import { defaultedPodTemplate } from './podSpec/defaults.ts';
import { ineffectivePodFields } from './podSpec/ineffectiveFields.ts';
import { podSpecReferences } from './podSpec/references.ts';
import { validatePodTemplate } from './podSpec/template.ts';
import { templateWarnings } from './podSpec/templateWarnings.ts';
import { containerImages, containerNames } from './podSpec/templateColumns.ts';

const templatePath = FieldPath.of('template');

function validate(object: api.PodTemplate): FieldError[] {
  const errors: FieldError[] = [];
  validatePodTemplate(object.template, templatePath, errors);
  return errors;
}

export const PodTemplate = defineKind<api.PodTemplate>({
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  plural: 'podtemplates',
  namespaced: true,
  applyDefaults(object) {
    object.template = defaultedPodTemplate(object.template);
  },
  validate,
  warnings: (object, old) => templateWarnings(object.template, old?.template, 'template'),
  deleteAnswersObject: true,
  columns: [
    nameColumn,
    textColumn('Containers', (object) => containerNames(object.template)),
    textColumn('Images', (object) => containerImages(object.template)),
    textColumn('Pod Labels', (object) => formatMap(object.template?.metadata?.labels)),
  ],
  ineffectiveFields: ineffectivePodFields('template.spec'),
  references: podSpecReferences('template.spec'),
});
