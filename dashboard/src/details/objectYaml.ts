/** Objects as YAML, in the order in which people write them. */
import type { KubeObject } from '#common/api/meta.ts';
import { withHiddenValues } from './secretValues.ts';

export interface YamlOptions {
  readonly managedFields: boolean;
  /** Whether values of Secrets are shown. */
  readonly revealed: boolean;
}

export async function objectYaml(object: KubeObject, { managedFields, revealed }: YamlOptions): Promise<string> {
  const { stringify } = await import('yaml');
  const shown = revealed ? object : withHiddenValues(object);
  return stringify(inOrder(shown, managedFields), { aliasDuplicateObjects: false, lineWidth: 0 });
}

function inOrder({ apiVersion, kind, metadata, ...rest }: KubeObject, managedFields: boolean): object {
  const { name, namespace, managedFields: fields, ...others } = metadata;
  const { status, ...body } = rest as Record<string, unknown>;
  return {
    apiVersion,
    kind,
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...others,
      ...(managedFields && fields ? { managedFields: fields } : {}),
    },
    ...body,
    ...(status === undefined ? {} : { status }),
  };
}
