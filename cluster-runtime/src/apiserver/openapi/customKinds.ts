/** Reads the schemas of the served custom resources from their CustomResourceDefinitions. */
import type { CustomResourceDefinition } from '#common/schema/generated/types.ts';
import type { Registry } from '../registry/registry.ts';
import type { CustomKind } from './customSchemas.ts';
import type { Schema } from './openApiData.ts';

/** By `group/version/kind`; versions that are not served are there too. */
export function readCustomKinds(registry: Pick<Registry, 'resource'>): Map<string, CustomKind> {
  const kinds = new Map<string, CustomKind>();
  const definitions = registry.resource('apiextensions.k8s.io', 'v1', 'customresourcedefinitions')?.list({}).items ?? [];
  for (const item of definitions) {
    const { spec } = item.object as unknown as CustomResourceDefinition;
    for (const version of spec.versions) {
      kinds.set(`${spec.group}/${version.name}/${spec.names.kind}`, {
        group: spec.group,
        version: version.name,
        kind: spec.names.kind,
        listKind: spec.names.listKind ?? `${spec.names.kind}List`,
        schema: version.schema?.openAPIV3Schema as Schema | undefined,
      });
    }
  }
  return kinds;
}
