/** A registry with the default plugins and webhooks, for tests that play the client and the webhook. */
import type { Duplex } from 'node:stream';
import { SteppedClock } from '#common/base/clock.ts';
import { Random } from '#common/base/random.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { ConfigMap } from '#common/kinds/configMap.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { MutatingWebhookConfiguration } from '#common/kinds/mutatingWebhookConfiguration.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { ServiceAccount } from '#common/kinds/serviceAccount.ts';
import { ValidatingWebhookConfiguration } from '#common/kinds/validatingWebhookConfiguration.ts';
import type * as api from '#common/schema/generated/types.ts';
import { MemoryStore } from '../../../../store/memoryStore.ts';
import { type ApiRegistry, createRegistry } from '../../../registry/apiRegistry.ts';
import type { Resource, WriteOptions } from '../../../registry/registry.ts';
import { pluginsWith } from '../../allPlugins.ts';
import { webhookPlugins } from '../webhookPlugins.ts';

export const namespace = 'ns';

export class WebhookCluster {
  readonly registry: ApiRegistry;
  readonly realTime = new SteppedClock();
  readonly stopping = new AbortController();
  readonly warnings: string[] = [];
  readonly options: WriteOptions = {
    user: { name: 'joe', groups: ['system:masters'] },
    fieldManager: 'test',
    dryRun: false,
    fieldValidation: 'Strict',
    warn: (text) => this.warnings.push(text),
  };
  /** Where connections into the cluster's network lead. */
  connect: (ip: string, port: number) => Duplex = () => {
    throw new Error('nobody connects in this test');
  };

  constructor() {
    const store = new MemoryStore({ freeze: true });
    const random = new Random(1);
    const webhooks = webhookPlugins({
      store,
      registryOf: () => this.registry,
      authorizerOf: () => ({ authorize: ({ verb }) => ({ allowed: verb === 'allowed', reason: '' }) }),
      connect: (ip, port) => this.connect(ip, port),
      signal: this.stopping.signal,
      realTime: this.realTime,
      uuid: () => random.uuid(),
    });
    this.registry = createRegistry({ store, clock: new SteppedClock(), random, admissionPlugins: pluginsWith(webhooks) });
  }

  async start(): Promise<void> {
    await this.create(Namespace, { metadata: { name: namespace, labels: { team: 'a' } } });
    await this.create(ServiceAccount, { metadata: { name: 'default', namespace } });
  }

  resource<T extends KubeObject>(kind: KindDefinition<T>): Resource<T> {
    return this.registry.resourceOf(kind);
  }

  async create<T extends KubeObject>(kind: KindDefinition<T>, object: T, more: Partial<WriteOptions> = {}): Promise<T> {
    const options = { ...this.options, ...more };
    const { object: created } = await this.resource(kind).create(
      object.metadata.namespace ?? '',
      structuredClone(object),
      options,
    );
    return created as T;
  }

  /** Creates the ConfigMap `name`, which most webhooks of these tests are asked about. */
  configMap(name = 'x', more: Partial<WriteOptions> = {}, metadata: object = {}): Promise<api.ConfigMap> {
    return this.create(ConfigMap, { metadata: { name, namespace, ...metadata }, data: { a: '1' } }, more);
  }

  async mutating(...webhooks: readonly Partial<api.MutatingWebhook>[]): Promise<void> {
    await this.create(MutatingWebhookConfiguration, { metadata: { name: 'm' }, webhooks: webhooks.map(webhook) });
  }

  async validating(...webhooks: readonly Partial<api.ValidatingWebhook>[]): Promise<void> {
    await this.create(ValidatingWebhookConfiguration, { metadata: { name: 'v' }, webhooks: webhooks.map(webhook) });
  }
}

const webhook = (given: Partial<api.MutatingWebhook>, i: number): api.MutatingWebhook => ({
  name: `${'abc'.charAt(i)}.example.com`,
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps'] }],
  clientConfig: {},
  ...given,
});
