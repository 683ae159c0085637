/**
 * What is known of a live cluster. The rest of the server asks this and nothing else; no cluster is a state like any other,
 * in which every question has an empty answer.
 */
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import type { Selector } from '#common/api/labelSelector.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import { countLabels, type LabelUse } from '../workspace/labelCounts.ts';
import type { MeasuredPods } from './podUse.ts';

/** `none`: nobody asked for a cluster. `lost`: it went away; what was known of it is forgotten. */
export type FactsState = 'none' | 'connecting' | 'live' | 'lost';

/** What an image of the catalogue is said to be. */
export interface ImageFacts {
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly ports?: readonly number[];
}

export interface LiveFacts {
  readonly state: FactsState;
  /** The kubeconfig context, when there is one. */
  readonly context: string | undefined;
  /** Goes up with every change; what was derived under an older number is to be derived again. */
  readonly revision: number;
  /** The objects of this kind are all known. Only then does absence mean anything. */
  knows(kind: KindName): boolean;
  /** `namespace` is empty for what is cluster-scoped. */
  get(kind: KindName, namespace: string, name: string): UntypedObject | undefined;
  /** Of one namespace, or of all of them. */
  list(kind: KindName, namespace?: string): readonly UntypedObject[];
  /** The labels of the pods of a namespace, with how many have each. */
  podLabels(namespace: string): LabelUse;
  podsMatching(namespace: string, selector: Selector): readonly UntypedObject[];
  /** PodMetrics of a namespace, asked of the cluster at that moment; undefined where it measures nothing. */
  podUse(namespace: string): Promise<MeasuredPods>;
  /** The CustomResourceDefinitions of the cluster. */
  readonly definitions: readonly UntypedObject[];
  readonly images: readonly ImageFacts[];
  image(reference: string): ImageFacts | undefined;
}

/** A kind whatever its version; a whole GroupVersionKind will do. */
export type KindName = Pick<GroupVersionKind, 'group' | 'kind'>;

const nothing: readonly never[] = [];
const noLabels: LabelUse = new Map();

export const noFacts: LiveFacts = {
  state: 'none',
  context: undefined,
  revision: 0,
  knows: () => false,
  get: () => undefined,
  list: () => nothing,
  podLabels: () => noLabels,
  podsMatching: () => nothing,
  podUse: () => Promise.resolve(undefined),
  definitions: nothing,
  images: nothing,
  image: () => undefined,
};

/** Facts from a fixed set of objects: for tests, and for looking at a saved cluster. */
export function factsOf(objects: readonly UntypedObject[], extra: Partial<LiveFacts> = {}): LiveFacts {
  const groupOf = ({ apiVersion = '' }: UntypedObject): string =>
    apiVersion.includes('/') ? apiVersion.split('/', 1).join('') : '';
  const list = (kind: KindName, namespace?: string): UntypedObject[] =>
    objects.filter(
      (object) =>
        object.kind === kind.kind &&
        groupOf(object) === kind.group &&
        (namespace === undefined || (object.metadata.namespace ?? '') === namespace),
    );
  return {
    ...noFacts,
    state: 'live',
    context: 'test',
    revision: 1,
    knows: () => true,
    list,
    get: (kind, namespace, name) => list(kind, namespace).find(({ metadata }) => metadata.name === name),
    podLabels: (namespace) =>
      countLabels(list({ group: '', kind: 'Pod' }, namespace).map(({ metadata }) => metadata.labels ?? {})),
    podsMatching: (namespace, selector) =>
      list({ group: '', kind: 'Pod' }, namespace).filter(({ metadata }) => selector.matches(metadata.labels)),
    podUse: (namespace) => {
      const measured = list({ group: 'metrics.k8s.io', kind: 'PodMetrics' }, namespace);
      return Promise.resolve(measured.length > 0 ? measured : undefined);
    },
    definitions: list({ group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' }),
    ...extra,
  };
}
