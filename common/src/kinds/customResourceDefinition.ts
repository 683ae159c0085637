/** CustomResourceDefinition (apiextensions.k8s.io/v1): a kind of objects that Kubernetes does not know by itself. */
import { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { createdAtColumn, nameColumn } from './columns.ts';
import { cleanupFinalizer, deletionPending, withCondition } from './custom/definitionConditions.ts';
import { defineKind } from './defineKind.ts';
import { validateNames } from './validation/crd/names.ts';
import { validateDefinition, validateDefinitionUpdate } from './validation/crd/definition.ts';

/** Kubernetes prints the list that nobody has written to yet. */
const noConditions = null as unknown as api.CustomResourceDefinitionCondition[];

export const CustomResourceDefinition = defineKind<api.CustomResourceDefinition>({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: { status: true },
  unconditionalUpdate: false,
  deleteAnswersObject: true,
  qualifiedFinalizers: false,
  deletion: {
    holds: () => false,
    finalizer: cleanupFinalizer,
    mark: (definition, now) => withCondition(definition, deletionPending, now),
  },
  references: [
    {
      type: 'name',
      path: 'spec.conversion.webhook.clientConfig.service.name',
      namespacePath: 'spec.conversion.webhook.clientConfig.service.namespace',
      to: { group: '', kind: 'Service' },
    },
  ],
  applyDefaults,
  prepareForCreate(definition) {
    definition.status = { acceptedNames: { plural: '', kind: '' }, conditions: noConditions };
    storeVersions(definition, []);
  },
  prepareForUpdate(definition, old) {
    definition.status = { ...old.status };
    storeVersions(definition, old.status?.storedVersions ?? []);
  },
  prepareForStatusUpdate(definition, old) {
    definition.spec = old.spec;
  },
  validate: validateDefinition,
  validateUpdate: validateDefinitionUpdate,
  validateStatusUpdate: (definition) =>
    validateNames(definition.status?.acceptedNames, FieldPath.of('status', 'acceptedNames'), false),
  columns: [nameColumn, createdAtColumn],
});

function applyDefaults(definition: api.CustomResourceDefinition): void {
  const { spec } = definition;
  if (!spec) return;
  const { names } = spec;
  if (names?.kind) {
    names.singular ||= names.kind.toLowerCase();
    names.listKind ||= `${names.kind}List`;
  }
  spec.conversion ??= { strategy: 'None' };
  const service = spec.conversion.webhook?.clientConfig?.service;
  if (service) service.port ??= 443;
}

/** The version that objects are stored in joins those that they were stored in before. */
function storeVersions(definition: api.CustomResourceDefinition, before: readonly string[]): void {
  const storage = definition.spec?.versions?.find((version) => version.storage)?.name;
  const stored = storage === undefined || before.includes(storage) ? [...before] : [...before, storage];
  if (definition.status && stored.length) definition.status.storedVersions = stored;
}
