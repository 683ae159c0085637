import { addQuantities, parseQuantity, type Quantity, quantityOf } from '#common/api/quantity.ts';
import type { Container, Lease, Node, Pod } from '#common/schema/generated/types.ts';
import { ageText, annotationLines, eventsOf, labelLines, sortedKeys, timeText, writeEvents } from './common.ts';
import { type DescribeContext, type Describer, listOf, oneOf, Page } from './describer.ts';

const roleLabel = 'node-role.kubernetes.io/';

export const describeNode: Describer = async (ctx, object) => {
  const node = object as unknown as Node;
  const { metadata, spec, status } = node;
  const name = metadata.name ?? '';
  const page = new Page();
  page.line(0, `Name:\t${name}`);
  page.line(0, `Roles:\t${rolesText(metadata.labels)}`);
  labelLines(page, 'Labels', metadata.labels);
  annotationLines(page, 'Annotations', metadata.annotations);
  page.line(0, `CreationTimestamp:\t${timeText(metadata.creationTimestamp)}`);
  const taints = (spec?.taints ?? []).map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`);
  if (taints.length === 0) page.line(0, 'Taints:\t<none>');
  taints.forEach((taint, i) => page.line(0, `${i === 0 ? 'Taints:' : ''}\t${taint}`));
  page.line(0, `Unschedulable:\t${spec?.unschedulable ?? false}`);
  await leaseLines(ctx, page, name);
  conditionLines(page, node);
  page.line(0, 'Addresses:');
  for (const { type, address } of status?.addresses ?? []) page.line(1, `${type}:\t${address}`);
  amountLines(page, 'Capacity', status?.capacity);
  amountLines(page, 'Allocatable', status?.allocatable);
  systemLines(page, node);
  if (spec?.podCIDR) page.line(0, `PodCIDR:\t${spec.podCIDR}`);
  if (spec?.podCIDRs?.length) page.line(0, `PodCIDRs:\t${spec.podCIDRs.join(',')}`);
  if (spec?.providerID) page.line(0, `ProviderID:\t${spec.providerID}`);
  await podLines(ctx, page, node);
  if (ctx.showEvents) writeEvents(ctx, page, await eventsOf(ctx, object));
  return page.toString();
};

const rolesText = (labels: Readonly<Record<string, string>> | undefined): string =>
  Object.entries(labels ?? {})
    .flatMap(([key, value]) =>
      key.startsWith(roleLabel) ? [key.slice(roleLabel.length)] : key === 'kubernetes.io/role' ? [value] : [],
    )
    .filter(Boolean)
    .sort()
    .join(',') || '<none>';

async function leaseLines(ctx: DescribeContext, page: Page, name: string): Promise<void> {
  const lease = await oneOf<Lease>(ctx, 'coordination.k8s.io/v1', 'leases', 'kube-node-lease', name);
  page.line(0, 'Lease:');
  page.line(1, `HolderIdentity:\t${lease?.spec?.holderIdentity ?? '<unset>'}`);
  page.line(1, `AcquireTime:\t${lease?.spec?.acquireTime ? timeText(lease.spec.acquireTime) : '<unset>'}`);
  page.line(1, `RenewTime:\t${lease?.spec?.renewTime ? timeText(lease.spec.renewTime) : '<unset>'}`);
}

function conditionLines(page: Page, { status }: Node): void {
  if (!status?.conditions?.length) return;
  page.lines(0, [
    'Conditions:',
    '  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage',
    '  ----\t------\t-----------------\t------------------\t------\t-------',
  ]);
  for (const { type, status: value, lastHeartbeatTime, lastTransitionTime, reason = '', message = '' } of status.conditions)
    page.line(
      1,
      `${type} \t${value} \t${timeText(lastHeartbeatTime)} \t${timeText(lastTransitionTime)} \t${reason} \t${message}`,
    );
}

type Amounts = Readonly<Record<string, string>> | undefined;

function amountLines(page: Page, title: string, amounts: Amounts): void {
  const names = sortedKeys(amounts);
  if (names.length === 0) return;
  page.line(0, `${title}:`);
  for (const name of names) page.line(1, `${name}:\t${amounts?.[name] ?? ''}`);
}

function systemLines(page: Page, { status }: Node): void {
  const info = status?.nodeInfo;
  page.line(0, 'System Info:');
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Machine ID', info?.machineID],
    ['System UUID', info?.systemUUID],
    ['Boot ID', info?.bootID],
    ['Kernel Version', info?.kernelVersion],
    ['OS Image', info?.osImage],
    ['Operating System', info?.operatingSystem],
    ['Architecture', info?.architecture],
    ['Container Runtime Version', info?.containerRuntimeVersion],
    ['Kubelet Version', info?.kubeletVersion],
    ['Kube-Proxy Version', info?.kubeProxyVersion],
  ];
  for (const [title, value = ''] of rows) page.line(1, `${title}:\t${value}`);
}

async function podLines(ctx: DescribeContext, page: Page, { metadata, status }: Node): Promise<void> {
  const fieldSelector = `spec.nodeName=${metadata.name ?? ''},status.phase!=Failed,status.phase!=Succeeded`;
  const pods = await listOf<Pod>(ctx, 'v1', 'pods', undefined, { fieldSelector });
  const room = status?.allocatable ?? status?.capacity;
  const sums = new Map<string, Quantity>();
  page.line(0, `Non-terminated Pods:\t(${pods.length} in total)`);
  page.lines(1, [
    'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge',
    '---------\t----\t\t------------\t----------\t---------------\t-------------\t---',
  ]);
  for (const pod of pods) {
    const [requests, limits] = [amountsOf(pod, 'requests'), amountsOf(pod, 'limits')];
    for (const [which, amounts] of [
      ['requests', requests],
      ['limits', limits],
    ] as const)
      // prettier-ignore
      for (const [name, amount] of amounts) add(sums, `${which} ${name}`, amount);
    const cells = [requests.get('cpu'), limits.get('cpu'), requests.get('memory'), limits.get('memory')];
    const texts = cells.map((amount, i) => shareText(amount, room, i < 2 ? 'cpu' : 'memory'));
    page.line(
      1,
      [pod.metadata.namespace ?? '', pod.metadata.name ?? '', '', ...texts, ageText(ctx, pod.metadata.creationTimestamp)].join(
        '\t',
      ),
    );
  }
  page.lines(0, [
    'Allocated resources:',
    '  (Total limits may be over 100 percent, i.e., overcommitted.)',
    '  Resource\tRequests\tLimits',
    '  --------\t--------\t------',
  ]);
  const names = ['cpu', 'memory', 'ephemeral-storage', ...sortedKeys(room).filter((name) => /^hugepages-/.test(name))];
  for (const name of names)
    page.line(
      1,
      [name, ...['requests', 'limits'].map((which) => shareText(sums.get(`${which} ${name}`), room, name))].join('\t'),
    );
  for (const name of sortedKeys(room).filter((each) => each.includes('/')))
    page.line(1, [name, ...['requests', 'limits'].map((which) => sums.get(`${which} ${name}`)?.text ?? '0')].join('\t'));
}

/** `100m (1%)` of what the node has. */
function shareText(amount: Quantity | undefined, room: Amounts, name: string): string {
  const whole = parseQuantity(room?.[name] ?? '0');
  const share = amount && whole && whole.milli > 0 ? Math.trunc((amount.milli / whole.milli) * 100) : 0;
  return `${amount?.text ?? '0'} (${share}%)`;
}

function add(sums: Map<string, Quantity>, name: string, amount: Quantity): void {
  const before = sums.get(name);
  sums.set(name, before ? addQuantities(before, amount) : amount);
}

/** Containers together, or the largest need of what runs before them. Side-cars count with both. */
function amountsOf({ spec }: Pod, which: 'requests' | 'limits'): Map<string, Quantity> {
  const total = new Map<string, Quantity>();
  const each = ({ resources }: Container): [string, Quantity][] =>
    Object.entries(resources?.[which] ?? {}).map(([name, text]) => [name, quantityOf(text)]);
  for (const container of spec?.containers ?? []) for (const [name, amount] of each(container)) add(total, name, amount);
  const beside = new Map<string, Quantity>();
  for (const container of spec?.initContainers ?? []) {
    for (const [name, amount] of each(container)) {
      const isSidecar = container.restartPolicy === 'Always';
      if (isSidecar) add(total, name, amount);
      const sideCars = beside.get(name);
      const needed = sideCars ? addQuantities(amount, sideCars) : amount;
      if (isSidecar) add(beside, name, amount);
      else if ((total.get(name)?.nano ?? -1n) < needed.nano) total.set(name, needed);
    }
  }
  for (const [name, text] of Object.entries(spec?.overhead ?? {}))
    if (which === 'requests' || total.has(name)) add(total, name, quantityOf(text));
  return total;
}
