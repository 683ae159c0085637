/**
 * The order in which the objects of several manifests are applied: what others need comes first (namespaces, definitions,
 * access, configuration), then what uses it. Deletion takes the reverse.
 */
const firstKinds = [
  'Namespace',
  'CustomResourceDefinition',
  'PriorityClass',
  'StorageClass',
  'ServiceAccount',
  'ClusterRole',
  'Role',
  'ClusterRoleBinding',
  'RoleBinding',
  'Secret',
  'ConfigMap',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Service',
];

const ranks = new Map(firstKinds.map((kind, rank) => [kind, rank]));

/** A new array; items of equal rank keep their order. */
export function inApplyOrder<T>(items: readonly T[], kindOf: (item: T) => string): T[] {
  const rank = (item: T): number => ranks.get(kindOf(item)) ?? firstKinds.length;
  return items.toSorted((a, b) => rank(a) - rank(b));
}
