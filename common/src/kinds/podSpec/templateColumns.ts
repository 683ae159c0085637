/** The columns that every kind with a template of pods shows with `-o wide`. */
import type * as api from '#common/schema/generated/types.ts';
import { textColumn } from '../columns.ts';
import type { Column } from '../defineKind.ts';

type Template = api.PodTemplateSpec | undefined;

export const containerNames = (template: Template): string =>
  (template?.spec?.containers ?? []).map((container) => container.name).join(',');
export const containerImages = (template: Template): string =>
  (template?.spec?.containers ?? []).map((container) => container.image ?? '').join(',');

/** Containers, Images, and Selector where the kind has one. */
export const templateColumns = <T>(templateOf: (object: T) => Template, selector?: (object: T) => string): Column<T>[] => [
  textColumn<T>('Containers', (object) => containerNames(templateOf(object)), 1),
  textColumn<T>('Images', (object) => containerImages(templateOf(object)), 1),
  ...(selector ? [textColumn<T>('Selector', selector, 1)] : []),
];
