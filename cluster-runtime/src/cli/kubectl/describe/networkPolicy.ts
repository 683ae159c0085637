import { parseTime } from '#common/api/time.ts';
import { formatLabelSelector } from '#common/kinds/columnText.ts';
import type { LabelSelector } from '#common/api/meta.ts';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '#common/schema/generated/types.ts';
import { annotationLines, labelLines } from './common.ts';
import { type Describer, Page } from './describer.ts';

export const describeNetworkPolicy: Describer = (_, object) => {
  const { metadata, spec } = object as unknown as NetworkPolicy;
  const page = new Page();
  const types = spec?.policyTypes ?? [];
  page.line(0, `Name:\t${metadata.name ?? ''}`);
  page.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
  page.line(0, `Created on:\t${createdText(metadata.creationTimestamp)}`);
  labelLines(page, 'Labels', metadata.labels);
  annotationLines(page, 'Annotations', metadata.annotations);
  page.line(0, 'Spec:');
  page.raw('  PodSelector: ');
  const isAll =
    Object.keys(spec?.podSelector?.matchLabels ?? {}).length + (spec?.podSelector?.matchExpressions ?? []).length === 0;
  page.raw(
    isAll
      ? '    <none> (Allowing the specific traffic to all pods in this namespace)\n'
      : `    ${formatLabelSelector(spec?.podSelector)}\n`,
  );
  if (types.includes('Ingress')) {
    page.line(1, 'Allowing ingress traffic:');
    rules(
      page,
      spec?.ingress?.map(({ ports, from }) => ({ ports, peers: from })),
      'From',
      'Selected pods are isolated for ingress connectivity',
    );
  } else page.line(1, 'Not affecting ingress traffic');
  if (types.includes('Egress')) {
    page.line(1, 'Allowing egress traffic:');
    rules(
      page,
      spec?.egress?.map(({ ports, to }) => ({ ports, peers: to })),
      'To',
      'Selected pods are isolated for egress connectivity',
    );
  } else page.line(1, 'Not affecting egress traffic');
  page.line(1, `Policy Types: ${types.join(', ')}`);
  return Promise.resolve(page.toString());
};

/** Go's own form of a time, in this machine's zone. */
function createdText(time: string | null | undefined): string {
  const ms = parseTime(time) ?? 0;
  const offset = -new Date(ms).getTimezoneOffset();
  const local = new Date(ms + offset * 60_000).toISOString();
  const zone = `${offset < 0 ? '-' : '+'}${String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0')}${String(Math.abs(offset) % 60).padStart(2, '0')}`;
  const name =
    offset === 0
      ? 'UTC'
      : (new Intl.DateTimeFormat('en', { timeZoneName: 'short' }).formatToParts(ms).find(({ type }) => type === 'timeZoneName')
          ?.value ?? zone);
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${zone} ${name}`;
}

interface Rule {
  readonly ports: readonly NetworkPolicyPort[] | undefined;
  readonly peers: readonly NetworkPolicyPeer[] | undefined;
}

function rules(page: Page, list: readonly Rule[] | undefined, direction: 'From' | 'To', isolated: string): void {
  if (!list?.length) return page.line(2, `<none> (${isolated})`);
  list.forEach(({ ports, peers }, i) => {
    if (!ports?.length) page.line(2, 'To Port: <any> (traffic allowed to all ports)');
    for (const { port, endPort, protocol = 'TCP' } of ports ?? [])
      page.line(2, `To Port: ${port ?? '<any>'}${endPort ? `-${endPort}` : ''}/${protocol}`);
    if (!peers?.length)
      page.line(2, `${direction}: <any> (traffic not restricted by ${direction === 'From' ? 'source' : 'destination'})`);
    for (const { podSelector, namespaceSelector, ipBlock } of peers ?? []) {
      page.line(2, `${direction}:`);
      if (ipBlock) {
        page.line(3, 'IPBlock:');
        page.line(4, `CIDR: ${ipBlock.cidr}`);
        page.line(4, `Except: ${(ipBlock.except ?? []).join(', ')}`);
      }
      if (namespaceSelector) page.line(3, `NamespaceSelector: ${selectorText(namespaceSelector)}`);
      if (podSelector) page.line(3, `PodSelector: ${selectorText(podSelector)}`);
    }
    if (i !== list.length - 1) page.line(2, '----------');
  });
}

const selectorText = (selector: LabelSelector): string => formatLabelSelector(selector);
