/** The page's own words, in English; the extension host sends them in the language of the editor. */
export const treeTexts = {
  tree: 'Cluster',
  search: 'Search',
  clearSearch: 'Clear search',
  unhealthy: 'Show only what is not healthy',
  nothingFound: 'Nothing here matches.',
  allHealthy: 'Everything is healthy.',
  introduction: 'A whole Kubernetes cluster inside the editor: nothing to download, ready in a blink.',
  start: 'Start Cluster',
  starting: 'The cluster starts…',
  lost: 'The cluster ended; it is being restarted…',
  untrusted: 'A cluster runs only in folders that you trust.',
  restarts: 'restarts',
  ready: 'ready',
  age: 'age',
  stateOk: 'healthy',
  stateProgressing: 'in progress',
  stateWarning: 'warning',
  stateFailed: 'failed',
  stateDone: 'done',
  stateUnknown: 'unknown',
  groupWorkloads: 'Workloads',
  groupServices: 'Services',
  noEndpoints: 'no pod is ready behind it',
  noPodMatches: 'its selector matches no pod',
  cordoned: 'cordoned',
} as const;

export type TreeTextKey = keyof typeof treeTexts;
export type TreeTexts = Readonly<Record<TreeTextKey, string>>;
