/** The groups below the cluster and below each namespace, in the order in which they stand. */
export const treeGroups = ['nodes', 'workloads', 'services', 'config', 'storage', 'access', 'custom', 'other'] as const;

export type TreeGroup = (typeof treeGroups)[number];
