/** Services, Ingresses and network policies. */
import type * as api from '#common/schema/generated/types.ts';
import { selectorText } from '#common/api/labelSelector.ts';
import type { LabelSelector } from '#common/api/meta.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import { detailOf, type RowFacts } from './rowFacts.ts';

/** `backed` and `ready` count the addresses behind it. */
export function serviceFacts(service: api.Service, counts: { backed: number; ready: number }, texts: TreeTexts): RowFacts {
  const { type = 'ClusterIP', clusterIP, ports, externalName, selector } = service.spec ?? {};
  const portTexts = (ports ?? []).map(({ port, nodePort }) => (nodePort ? `${port}:${nodePort}` : `${port}`));
  const address = type === 'ExternalName' ? externalName : clusterIP === 'None' ? texts.headless : type;
  const facts = { detail: [address, portTexts.join(', ')].filter((part) => part).join(' ') };
  if (type === 'ExternalName' || !selector) return { ...facts, state: 'ok' };
  const ready = `${counts.ready}/${counts.backed}`;
  if (counts.ready > 0) return { ...facts, ready, state: 'ok' };
  return { ...facts, ready, state: 'warning', why: counts.backed > 0 ? texts.noEndpoints : texts.noPodMatches };
}

export function ingressFacts(ingress: api.Ingress): RowFacts {
  const hosts = [...new Set((ingress.spec?.rules ?? []).map(({ host }) => host ?? '*'))];
  const addresses = (ingress.status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname);
  return { state: 'none', ...detailOf(hosts.join(', ') || '*', addresses.join(', ')) };
}

export const networkPolicyFacts = ({ spec }: api.NetworkPolicy): RowFacts => ({
  state: 'none',
  ...detailOf(spec?.policyTypes?.join(', '), spec?.podSelector && selectorText(spec.podSelector as LabelSelector)),
});
