/** What a tree's page keeps over reloads: what is open, what is filtered, how it is grouped. Comes from the page, so it is checked. */
export type Grouping = 'namespace' | 'node' | 'label';

export interface TreeFilter {
  readonly text: string;
  readonly unhealthyOnly: boolean;
  /** Empty: all. */
  readonly namespace: string;
  /** As `kubectl get -l` takes it; empty: all. */
  readonly selector: string;
}

export interface ViewState {
  readonly expansion: readonly (readonly [string, boolean])[];
  readonly filter: TreeFilter;
  readonly grouping: Grouping;
  /** What is grouped by under `label`. */
  readonly labelKey: string;
  readonly showRetired: boolean;
}

export const noFilter: TreeFilter = { text: '', unhealthyOnly: false, namespace: '', selector: '' };

const mostEntries = 5_000;
const longestText = 1_000;

const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, longestText) : '');

/** Whatever of it is sound; the rest as at first. */
export function parseViewState(value: unknown): ViewState {
  const { expansion, filter, grouping, labelKey, showRetired } = (
    typeof value === 'object' && value !== null ? value : {}
  ) as Record<string, unknown>;
  const { unhealthyOnly, namespace, selector } = (typeof filter === 'object' && filter !== null ? filter : {}) as Record<
    string,
    unknown
  >;
  const isEntry = (entry: unknown): entry is [string, boolean] =>
    Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'boolean';
  return {
    expansion: Array.isArray(expansion) ? (expansion as unknown[]).filter(isEntry).slice(-mostEntries) : [],
    // What was searched for is of the moment.
    filter: { text: '', unhealthyOnly: unhealthyOnly === true, namespace: text(namespace), selector: text(selector) },
    grouping: grouping === 'node' || grouping === 'label' ? grouping : 'namespace',
    labelKey: text(labelKey) || defaultLabelKey,
    showRetired: showRetired === true,
  };
}

export const defaultLabelKey = 'app';
