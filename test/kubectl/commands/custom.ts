/** Kinds that users define: kubectl treats them like those that were there before. */
import { expect, it } from 'vitest';
import type { Kubectl } from '../kubectl.ts';

export function customCommands(kubectl: Kubectl): void {
  const group = `${kubectl.id}.example.com`;
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', shortNames: [`w${kubectl.id}`] },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' } },
          additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: 'Widget is what this test is about.',
              properties: {
                spec: {
                  type: 'object',
                  required: ['size'],
                  properties: { size: { type: 'integer', minimum: 1, maximum: 9, description: 'How big it is.' } },
                },
                status: { type: 'object', properties: { size: { type: 'integer' } } },
              },
            },
          },
        },
      ],
    },
  };
  const widget = (size: number): Kubectl =>
    kubectl.input(JSON.stringify({ apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name: 'first' }, spec: { size } }));

  it('custom resources: define, apply, get, explain, scale and delete', async () => {
    const name = `customresourcedefinition.apiextensions.k8s.io/widgets.${group}`;
    expect(await kubectl.input(JSON.stringify(definition)).ok`apply -f -`).toBe(`${name} created\n`);
    expect(await kubectl.ok`wait --for=condition=Established ${name} --timeout=30s`).toBe(`${name} condition met\n`);
    expect(await kubectl.ok`api-resources --api-group=${group} --no-headers`).toMatch(
      new RegExp(`^widgets +w${kubectl.id} +${group}/v1 +true +Widget\\n$`),
    );

    expect(await widget(3).ok`apply -f -`).toBe(`widget.${group}/first created\n`);
    expect(await widget(77).fails`apply -f -`).toMatch(
      /^The Widget "first" is invalid: (\* )?spec\.size: Invalid value: (77|"integer"): spec\.size in body should be less than or equal to 9\n/,
    );
    expect(await widget(4).ok`apply -f -`).toBe(`widget.${group}/first configured\n`);
    expect(await widget(5).ok`apply --server-side --force-conflicts -f -`).toBe(`widget.${group}/first serverside-applied\n`);
    expect(await kubectl.ok`get w${kubectl.id}`).toBe('NAME    SIZE\nfirst   5\n');
    expect(await kubectl.ok`get widgets.${group} first -o jsonpath={.spec.size}`).toBe('5');
    expect(await kubectl.ok`patch widget.${group} first --type=merge -p ${'{"spec":{"size":6}}'}`).toBe(
      `widget.${group}/first patched\n`,
    );
    expect(await kubectl.ok`scale widget.${group} first --replicas=2`).toBe(`widget.${group}/first scaled\n`);
    expect(await kubectl.ok`describe widget.${group} first`).toMatch(
      /\nKind: {9}Widget\n[^]*\nSpec:\n {2}Size: {2}2\nEvents: {2}<none>\n$/,
    );

    expect(await kubectl.ok`explain w${kubectl.id}.spec.size`).toMatch(
      /\nFIELD: size <integer>( -required-)?\n+DESCRIPTION:\n {4}How big it is\.\n/,
    );
    expect(await kubectl.ok`delete ${name}`).toBe(`customresourcedefinition.apiextensions.k8s.io "widgets.${group}" deleted\n`);
    expect(await kubectl.fails`get widgets.${group}`).toMatch(
      /the server (doesn't have a resource type|could not find the requested resource)/,
    );
  });
}
