import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allKinds, kindByResource, kindOf } from './allKinds.ts';
import { playgroundGroup } from './playgroundGroup.ts';

interface DiscoveredResource {
  resource: string;
  responseKind: { kind: string };
  scope: string;
  singularResource: string;
  shortNames?: string[];
  categories?: string[];
  verbs: string[];
  subresources?: { subresource: string }[];
}
interface Discovery {
  items: { metadata: { name?: string }; versions: { version: string; resources: DiscoveredResource[] }[] }[];
}

/** Discovery of Kubernetes 1.36, as its API server answers it. */
const discovered = ['discovery-api.json', 'discovery-apis.json'].flatMap((file) => {
  const url = new URL(`../schema/data/${file}`, import.meta.url);
  const { items } = JSON.parse(fs.readFileSync(url, 'utf8')) as Discovery;
  return items.flatMap(({ metadata, versions }) =>
    versions.flatMap(({ version, resources }) =>
      resources.map((resource) => ({ group: metadata.name ?? '', version, resource })),
    ),
  );
});

describe('the list of kinds', () => {
  it.each(discovered.map((entry) => [`${entry.group}/${entry.version} ${entry.resource.resource}`, entry] as const))(
    'has %s as Kubernetes has it',
    (_, { group, version, resource }) => {
      const kind = kindByResource(group, version, resource.resource);
      expect(kind).toMatchObject({
        kind: resource.responseKind.kind,
        namespaced: resource.scope === 'Namespaced',
        singular: resource.singularResource,
        shortNames: resource.shortNames ?? [],
        categories: resource.categories ?? [],
      });
      expect([...(kind?.verbs ?? [])].sort()).toEqual([...resource.verbs].sort());
      const subresources = resource.subresources?.map(({ subresource }) => subresource) ?? [];
      expect(kind?.subresources.status ?? false).toBe(subresources.includes('status'));
      expect(kind?.subresources.scale !== undefined).toBe(subresources.includes('scale'));
    },
  );

  it('has nothing else but what is the playground’s own', () => {
    expect(allKinds.filter(({ group }) => group !== playgroundGroup)).toHaveLength(discovered.length);
  });

  it('finds a kind by what an object says it is', () => {
    expect(kindOf('networking.k8s.io', 'v1', 'Ingress')?.plural).toBe('ingresses');
    expect(kindOf('', 'v1', '__proto__')).toBeUndefined();
  });
});
