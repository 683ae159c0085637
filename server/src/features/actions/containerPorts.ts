/** The ports that containers declare. */
import { isJsonObject } from '#common/api/ownProperty.ts';
import { type ManifestNode } from '#common/manifests/nodes.ts';
import { plainValue } from '#common/manifests/plainValue.ts';

export interface DeclaredPort {
  readonly number: number;
  readonly name: string | undefined;
  readonly protocol: string;
}

export function declaredPorts(ports: ManifestNode | undefined): DeclaredPort[] {
  const list = ports && plainValue(ports);
  return (Array.isArray(list) ? list : []).filter(isJsonObject).flatMap(({ containerPort, name, protocol }) =>
    typeof containerPort === 'number'
      ? [
          {
            number: containerPort,
            name: typeof name === 'string' ? name : undefined,
            protocol: typeof protocol === 'string' ? protocol : 'TCP',
          },
        ]
      : [],
  );
}
