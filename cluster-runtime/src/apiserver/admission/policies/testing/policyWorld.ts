/** A registry with policies in it, and the short ways in which their tests write policies and ConfigMaps. */
import { SteppedClock } from '#common/base/clock.ts';
import { Random } from '#common/base/random.ts';
import { ApiError } from '#common/api/status.ts';
import { ConfigMap } from '#common/kinds/configMap.ts';
import { MutatingAdmissionPolicy } from '#common/kinds/mutatingAdmissionPolicy.ts';
import { MutatingAdmissionPolicyBinding } from '#common/kinds/mutatingAdmissionPolicyBinding.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { ServiceAccount } from '#common/kinds/serviceAccount.ts';
import { ValidatingAdmissionPolicy } from '#common/kinds/validatingAdmissionPolicy.ts';
import { ValidatingAdmissionPolicyBinding } from '#common/kinds/validatingAdmissionPolicyBinding.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Client } from '../../../../client/client.ts';
import { createLocalClient } from '../../../../client/localClient.ts';
import { MemoryStore } from '../../../../store/memoryStore.ts';
import { type ApiRegistry, createRegistry } from '../../../registry/apiRegistry.ts';
import type { WriteOptions } from '../../../registry/registry.ts';
import { pluginsWith } from '../../allPlugins.ts';
import { policyPlugins } from '../policyPlugins.ts';

export interface PolicyWorld {
  readonly registry: ApiRegistry;
  readonly client: Client;
  /** What the answers of `create` carried. */
  readonly warnings: string[];
  options(dryRun?: boolean): WriteOptions;
  /** The ConfigMap `x`, by jane, who may use what she asks for. */
  create(data?: Record<string, string>, dryRun?: boolean): Promise<api.ConfigMap>;
  /** With a binding that denies. */
  validating(
    spec: Partial<api.ValidatingAdmissionPolicySpec>,
    binding?: Partial<api.ValidatingAdmissionPolicyBindingSpec>,
    name?: string,
  ): Promise<void>;
  mutating(mutations: api.Mutation[], spec?: Partial<api.MutatingAdmissionPolicySpec>, name?: string): Promise<void>;
}

export const configMaps = (...operations: string[]): api.MatchResources => ({
  resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations }],
});

export const configMap = (data: Record<string, string> | undefined, name = 'x'): api.ConfigMap => ({
  metadata: { name, namespace: 'default' },
  ...(data ? { data } : {}),
});

/** What is left of a refusal when what all refusals have is taken away. */
export async function refusal(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.message.replace(/^.* denied request: /, '');
  }
}

const user = { name: 'jane', groups: ['devs'] };

export async function policyWorld(): Promise<PolicyWorld> {
  const store = new MemoryStore({ freeze: true });
  const policies = policyPlugins({
    store,
    registryOf: () => registry,
    authorizerOf: () => ({
      authorize: ({ user: { name }, verb }) => ({ allowed: name === user.name && verb === 'use', reason: '' }),
    }),
  });
  const admissionPlugins = pluginsWith(policies);
  const registry: ApiRegistry = createRegistry({ store, clock: new SteppedClock(), random: new Random(1), admissionPlugins });
  const client = createLocalClient(registry, user, 'test');
  const warnings: string[] = [];
  await client.create(Namespace, { metadata: { name: 'default', labels: { team: 'a' } } });
  await client.create(ServiceAccount, { metadata: { name: 'default', namespace: 'default' } });
  const options = (dryRun = false): WriteOptions => ({
    user,
    fieldManager: 'test',
    dryRun,
    fieldValidation: 'Strict',
    warn: (text) => void warnings.push(text),
  });
  return {
    registry,
    client,
    warnings,
    options,
    async create(data, dryRun) {
      const answer = await registry.resourceOf(ConfigMap).create('default', configMap(data), options(dryRun));
      return answer.object as api.ConfigMap;
    },
    async validating(spec, binding = {}, name = 'p') {
      await client.create(ValidatingAdmissionPolicy, {
        metadata: { name },
        spec: { matchConstraints: configMaps('CREATE', 'UPDATE'), ...spec },
      });
      await client.create(ValidatingAdmissionPolicyBinding, {
        metadata: { name: `${name}-b` },
        spec: { policyName: name, validationActions: ['Deny'], ...binding },
      });
    },
    async mutating(mutations, spec = {}, name = 'p') {
      await client.create(MutatingAdmissionPolicy, {
        metadata: { name },
        spec: { matchConstraints: configMaps('CREATE', 'UPDATE'), reinvocationPolicy: 'Never', mutations, ...spec },
      });
      await client.create(MutatingAdmissionPolicyBinding, { metadata: { name: `${name}-b` }, spec: { policyName: name } });
    },
  };
}
