/** NetworkPolicy (networking.k8s.io/v1): which traffic may reach or leave the pods that it selects. */
import type * as api from '#common/schema/generated/types.ts';
import { formatLabelSelector } from './columnText.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { validateNetworkPolicy } from './validation/networkPolicy.ts';

const pod = { group: '', kind: 'Pod' };
const namespace = { group: '', kind: 'Namespace' };

export const NetworkPolicy = defineKind<api.NetworkPolicy>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  shortNames: ['netpol'],
  namespaced: true,
  applyDefaults(policy) {
    const spec = (policy.spec ??= { podSelector: {} });
    for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])])
      for (const port of rule.ports ?? []) port.protocol ??= 'TCP';
    if (!spec.policyTypes?.length) spec.policyTypes = spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress'];
  },
  validate: validateNetworkPolicy,
  columns: [nameColumn, textColumn('Pod-Selector', (policy) => formatLabelSelector(policy.spec?.podSelector)), ageColumn],
  ineffectiveFields: { spec: 'every pod reaches every other' },
  references: [
    { type: 'selector', path: 'spec.podSelector', form: 'labelSelector', to: pod },
    {
      type: 'selector',
      path: 'spec.ingress[].from[].podSelector',
      form: 'labelSelector',
      to: pod,
      namespaceSelectorPath: 'spec.ingress[].from[].namespaceSelector',
    },
    { type: 'selector', path: 'spec.ingress[].from[].namespaceSelector', form: 'labelSelector', to: namespace },
    {
      type: 'selector',
      path: 'spec.egress[].to[].podSelector',
      form: 'labelSelector',
      to: pod,
      namespaceSelectorPath: 'spec.egress[].to[].namespaceSelector',
    },
    { type: 'selector', path: 'spec.egress[].to[].namespaceSelector', form: 'labelSelector', to: namespace },
  ],
});
