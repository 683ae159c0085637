/** Warnings about a template, when it is new or has changed. */
import { dns1123LabelErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { sameValue } from '../validation/values.ts';
import { podSpecWarnings } from './warnings.ts';

/** `path` is the template's dotted path. */
export function templateWarnings(
  template: api.PodTemplateSpec | undefined,
  old: api.PodTemplateSpec | undefined,
  path: string,
): string[] {
  if (!template?.spec || template === old || (old && sameValue(template, old))) return [];
  return podSpecWarnings(template.spec, template.metadata ?? {}, { spec: `${path}.spec`, metadata: `${path}.metadata` });
}

/** Pods are named after their workload, and a name that is no DNS label makes a poor host name. */
export function workloadNameWarnings(name: string | undefined): string[] {
  const problems = name ? dns1123LabelErrors(name) : [];
  const text =
    'metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended';
  return problems.length ? [`${text}: [${problems.join(' ')}]`] : [];
}
