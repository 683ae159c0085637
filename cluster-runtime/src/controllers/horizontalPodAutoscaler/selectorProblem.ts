/** Whether an autoscaler may count the pods that its target selects: there must be a selector, and nobody else may count them. */
import type { Selector } from '#common/api/labelSelector.ts';
import { parseLabelSelector } from '#common/api/labelSelectorParser.ts';
import type { ObjectKey } from '#common/api/meta.ts';
import { ApiError } from '#common/api/status.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { SelectorProblem } from './planHorizontalPodAutoscaler.ts';

/** Namespace → autoscaler → the selector of its target when it was last looked at. */
export type KnownSelectors = Map<string, Map<string, Selector>>;

export type ParsedSelector = { readonly selector: Selector } | { readonly problem: SelectorProblem };

export function parseTargetSelector(text: string): ParsedSelector {
  if (text === '') {
    const condition = { reason: 'InvalidSelector', message: "the HPA target's scale is missing a selector" };
    return { problem: { reason: 'SelectorRequired', message: 'selector is required', condition } };
  }
  try {
    return { selector: parseLabelSelector(text) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const message = `couldn't convert selector into a corresponding internal selector object: ${error.message}`;
    return { problem: { reason: 'InvalidSelector', message, condition: { reason: 'InvalidSelector', message } } };
  }
}

/** Notes the selector of `key`, and says which others count the same pods. */
export function findSharedPods(
  known: KnownSelectors,
  key: ObjectKey,
  selector: Selector,
  pods: readonly api.Pod[],
): SelectorProblem | undefined {
  const here = known.get(key.namespace) ?? new Map<string, Selector>();
  known.set(key.namespace, here.set(key.name, selector));
  const sharing = [...here].filter(
    ([name, other]) => name !== key.name && pods.some(({ metadata }) => other.matches(metadata.labels ?? {})),
  );
  if (sharing.length === 0) return undefined;
  const names = [key.name, ...sharing.map(([name]) => name)].map((name) => `${key.namespace}/${name}`);
  const message = `pods by selector ${selector.text} are controlled by multiple HPAs: [${names.join(' ')}]`;
  return { reason: 'AmbiguousSelector', message, condition: { reason: 'AmbiguousSelector', message } };
}
