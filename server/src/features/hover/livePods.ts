/** Live pods as lines of a hover: phase, ready, restarts, node, age, as `kubectl get pods` says them. */
import { humanDuration } from '#common/api/duration.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import { summarizePod } from '#common/kinds/pod/columns.ts';
import type { Pod } from '#common/schema/generated/types.ts';
import type { Snapshot } from '../../snapshot.ts';

/** More than these are counted only. */
const most = 10;

export const isReady = (pod: UntypedObject): boolean =>
  ((pod as unknown as Pod).status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');

/** A Markdown table of pods; those that are not ready come first. */
export function podTable(pods: readonly UntypedObject[], { now, l10n }: Pick<Snapshot, 'now' | 'l10n'>): string {
  const sorted = [...pods].sort(
    (a, b) => Number(isReady(a)) - Number(isReady(b)) || ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1),
  );
  const rows = sorted.slice(0, most).map((each) => {
    const pod = each as unknown as Pod;
    const { ready, total, status, restarts } = summarizePod(pod);
    const created = pod.metadata.creationTimestamp;
    const age = created ? humanDuration(Math.max(0, now - Date.parse(created))) : '';
    return `| ${pod.metadata.name} | ${status} | ${ready}/${total} | ${restarts} | ${pod.spec?.nodeName ?? '–'} | ${age} |`;
  });
  const rest = pods.length > most ? `\n\n${l10n.t('… and {0} more', pods.length - most)}` : '';
  const head = l10n.t('| Pod | Status | Ready | Restarts | Node | Age |');
  return `${head}\n|:--|:--|:--|:--|:--|:--|\n${rows.join('\n')}${rest}`;
}
