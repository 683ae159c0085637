/**
 * ComponentStatus, which old clients still list. All components run in this process, so they are well while it answers.
 */
import type { KubeObject } from '#common/api/meta.ts';
import { notFound } from '#common/api/status.ts';
import type { Clock } from '#common/base/clock.ts';
import { sendList, sendObject } from './answers.ts';
import type { Exchange } from './http/exchange.ts';
import { negotiate } from './negotiation.ts';
import type { Resource } from './registry/registry.ts';

const components: readonly KubeObject[] = ['scheduler', 'controller-manager', 'etcd-0'].map((name) => ({
  apiVersion: 'v1',
  kind: 'ComponentStatus',
  metadata: { name },
  conditions: [{ type: 'Healthy', status: 'True', message: 'ok' }],
}));

export async function readComponentStatuses(exchange: Exchange, resource: Resource, { clock }: { clock: Clock }): Promise<void> {
  const { verb, name } = exchange.info;
  const form = negotiate(exchange.request.headers.accept, verb !== 'get', false);
  if (verb !== 'get') {
    return sendList(exchange, resource, { resourceVersion: '', items: components.map((object) => ({ object })) }, form, clock);
  }
  const object = components.find((component) => component.metadata.name === name);
  if (!object) throw notFound({ group: '', resource: 'componentstatus' }, name);
  sendObject(exchange, resource, { object }, form, clock, 200);
}
