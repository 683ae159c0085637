/** Parts of a pod that its template has too. */
import { formatLabelSelector } from '#common/kinds/columnText.ts';
import type { PodTemplateSpec, Toleration, TopologySpreadConstraint } from '#common/schema/generated/types.ts';
import { annotationLines, labelLines } from './common.ts';
import { containerLines } from './containers.ts';
import type { Page } from './describer.ts';
import { volumeLines } from './volumes.ts';

export function templateLines(page: Page, template: PodTemplateSpec | undefined): void {
  page.line(0, 'Pod Template:');
  if (!template) {
    page.line(1, '<unset>');
    return;
  }
  const { metadata, spec } = template;
  labelLines(page, 'Labels', metadata?.labels, '  ');
  if (Object.keys(metadata?.annotations ?? {}).length > 0) annotationLines(page, 'Annotations', metadata?.annotations, '  ');
  if (spec?.serviceAccountName) page.line(1, `Service Account:\t${spec.serviceAccountName}`);
  if (spec?.initContainers?.length) containerLines(page, 'Init Containers', spec.initContainers, [], undefined);
  containerLines(page, 'Containers', spec?.containers ?? [], [], undefined);
  volumeLines(page, spec?.volumes ?? [], '  ');
  spreadLines(page, spec?.topologySpreadConstraints, '  ');
  if (spec?.priorityClassName) page.line(1, `Priority Class Name:\t${spec.priorityClassName}`);
  labelLines(page, 'Node-Selectors', spec?.nodeSelector, '  ');
  tolerationLines(page, spec?.tolerations, '  ');
}

export function spreadLines(page: Page, constraints: readonly TopologySpreadConstraint[] | undefined, indent: string): void {
  const sorted = (constraints ?? []).toSorted((a, b) => (a.topologyKey < b.topologyKey ? -1 : 1));
  sorted.forEach(({ topologyKey, whenUnsatisfiable, maxSkew, labelSelector }, i) => {
    const selector = labelSelector ? ` for selector ${formatLabelSelector(labelSelector)}` : '';
    const text = `${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew} is exceeded${selector}`;
    page.line(0, `${i === 0 ? `${indent}Topology Spread Constraints:` : indent}\t${text}`);
  });
}

export function tolerationLines(page: Page, tolerations: readonly Toleration[] | undefined, indent: string): void {
  const sorted = (tolerations ?? []).toSorted((a, b) =>
    (a.key ?? '') < (b.key ?? '') ? -1 : (a.key ?? '') > (b.key ?? '') ? 1 : 0,
  );
  if (sorted.length === 0) page.line(0, `${indent}Tolerations:\t<none>`);
  sorted.forEach((toleration, i) => page.line(0, `${i === 0 ? `${indent}Tolerations:` : indent}\t${tolerationText(toleration)}`));
}

function tolerationText({ key = '', value = '', effect = '', operator = '', tolerationSeconds }: Toleration): string {
  const what = key + (value ? `=${value}` : '') + (effect ? `:${effect}` : '');
  const exists = operator === 'Exists' && !value ? (key || effect ? ' op=Exists' : 'op=Exists') : '';
  return what + exists + (tolerationSeconds === undefined ? '' : ` for ${tolerationSeconds}s`);
}
