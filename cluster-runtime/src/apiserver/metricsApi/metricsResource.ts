/** A resource whose objects are measured when they are asked for: it can be read, and neither watched nor changed. */
import type { StructType } from '#common/api/schemaType.ts';
import type { ObjectKey } from '#common/api/meta.ts';
import { notFound } from '#common/api/status.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { objectMetaType } from '#common/schema/builtinTypes.ts';
import type { ObjectSource } from '../objectSource.ts';
import { objectFilter } from '../registry/listQuery.ts';
import type { Resource } from '../registry/registry.ts';
import { methodNotAllowedHere } from '../routes.ts';

export interface MetricsSource extends ObjectSource {
  /** Whether there is what could be measured. */
  exists(key: ObjectKey): boolean;
}

const refuse = (): never => {
  throw methodNotAllowedHere();
};
const refuseLater = async (): Promise<never> => refuse();

export function metricsResource(kind: KindDefinition, source: MetricsSource): Resource {
  return {
    kind,
    type: structOf(kind),
    listKind: `${kind.kind}List`,
    get(key) {
      const object = source.get(key.namespace, key.name);
      if (!object) {
        if (!source.exists(key)) throw notFound({ group: '', resource: kind.plural }, key.name);
        const name = key.namespace ? `${key.namespace}/${key.name}` : key.name;
        throw notFound({ group: kind.group, resource: kind.kind.toLowerCase() }, name);
      }
      return { object };
    },
    list(query) {
      const filter = objectFilter(kind, query);
      const items = source.list(query.namespace).filter((object) => filter.matches(object));
      return { resourceVersion: '', items: items.map((object) => ({ object })) };
    },
    watch: refuse,
    getScale: refuse,
    create: refuseLater,
    update: refuseLater,
    patch: refuseLater,
    delete: refuseLater,
    deleteCollection: refuseLater,
  };
}

/** Nothing is ever decoded into it: what is sent to these addresses is refused before. */
const structOf = ({ group, version, kind }: KindDefinition): StructType => ({
  kind: 'struct',
  name: `${group}.${version}.${kind}`,
  goName: `${version}.${kind}`,
  mapType: 'granular',
  fields: new Map([
    [
      'metadata',
      {
        name: 'metadata',
        type: objectMetaType(),
        required: false,
        pointer: false,
        omitEmpty: true,
        omitZero: false,
        goType: 'v1.ObjectMeta',
      },
    ],
  ]),
});
