/** What OpenAPI documents are made of: big, and therefore loaded when the first document is asked for. */

/** A schema in the form of OpenAPI v2, as the data have it. */
export interface Schema {
  $ref?: string;
  description?: string;
  type?: string;
  format?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
  required?: string[];
  default?: unknown;
  [extension: string]: unknown;
}

export interface OpenApiData {
  definitions: Record<string, Schema>;
  /** Method, path, action, kind. */
  operations: [method: string, path: string, action: string, kind: string][];
  /** Per structure its own text, then the texts of its fields. */
  descriptions: Record<string, [string, Record<string, string>] | undefined>;
  /** The texts of query parameters by name. */
  parameterTexts: Record<string, string>;
  /** Changes whenever any of this does. */
  fingerprint: string;
}

let loading: Promise<OpenApiData> | undefined;

export function loadOpenApiData(): Promise<OpenApiData> {
  loading ??= load();
  return loading;
}

async function load(): Promise<OpenApiData> {
  const [{ openApiText }, { descriptionsText }, { createHash }] = await Promise.all([
    import('#common/schema/generated/openApi.ts'),
    import('#common/schema/generated/descriptions.ts'),
    import('node:crypto'),
  ]);
  const { definitions, operations } = JSON.parse(openApiText) as Pick<OpenApiData, 'definitions' | 'operations'>;
  const texts = JSON.parse(descriptionsText) as {
    structs: OpenApiData['descriptions'];
    parameters: OpenApiData['parameterTexts'];
  };
  const fingerprint = createHash('sha512').update(openApiText).update(descriptionsText).digest('hex').toUpperCase();
  return { definitions, operations, descriptions: texts.structs, parameterTexts: texts.parameters, fingerprint };
}
