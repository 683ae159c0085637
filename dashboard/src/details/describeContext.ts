/** What a description of an object is made from besides the object: texts, the objects around it, what is to be shown. */
import type { KubeObject } from '#common/api/meta.ts';
import type { Section } from '#common/protocol/details.ts';
import type { DetailsTexts } from '#common/protocol/detailsTexts.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import type * as api from '#common/schema/generated/types.ts';

/** The objects that are kept of what is around an object; which those are, `relatedWatches.ts` says. */
export interface RelatedObjects {
  all(kind: string): readonly KubeObject[];
  /** Whether the cluster is known to have no such object. */
  isMissing(group: string, kind: string, namespace: string, name: string): boolean;
}

export interface DescribeContext {
  readonly texts: DetailsTexts;
  /** The words for states, and for why something is not well. */
  readonly stateTexts: TreeTexts;
  readonly related: RelatedObjects;
  /** Keys of the Secret that are shown. */
  readonly revealed: ReadonlySet<string>;
  /** The scheduler's latest decision about the pod. */
  readonly decision?: api.SchedulingDecision | undefined;
}

/** What is told of the objects of one kind. Pure. */
export type Describe<T extends KubeObject = KubeObject> = (object: T, ctx: DescribeContext) => Section[];
