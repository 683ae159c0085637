/** Custom resources, and every other kind that the cluster serves: one group per kind. */
import type * as api from '#common/schema/generated/types.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { TreeRow } from '#common/protocol/webview.ts';
import { genericFacts } from '../facts/clusterFacts.ts';
import { ownRow } from './ownRow.ts';
import { definitionId, groupId, kindGroupId } from './places.ts';

/** How the model knows a kind that has no rows of its own making: `custom Widget widgets.example.com`. */
export const genericKey = (kind: string, plural: string, group: string, isCustom: boolean): string =>
  `${isCustom ? 'custom' : 'other'} ${kind} ${plural}.${group}`;

export function definitionRows(object: KubeObject): TreeRow[] {
  const { spec } = object as api.CustomResourceDefinition;
  const { name = '' } = object.metadata;
  const own = ownRow('CustomResourceDefinition', object, genericFacts(object));
  const row = { ...own, id: definitionId(name), parent: groupId('', 'custom') };
  return [{ ...row, name: spec.names.kind, order: spec.names.kind, detail: row.detail ?? spec.group }];
}

export function genericRows(key: string, object: KubeObject): TreeRow[] {
  const [place, kind = '', resource = ''] = key.split(' ');
  const { namespace = '' } = object.metadata;
  const group = resource.slice(resource.indexOf('.') + 1);
  if (place !== 'custom') {
    const parent = kindGroupId(namespace, 'other', kind);
    return [{ ...ownRow('Object', object, genericFacts(object)), parent }];
  }
  // What belongs to the cluster stands below the definition of its kind.
  const parent = namespace ? kindGroupId(namespace, 'custom', `${kind}.${group}`) : definitionId(resource);
  return [{ ...ownRow('CustomResource', object, genericFacts(object)), parent }];
}
