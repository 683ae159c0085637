/** Which nodes a volume is to be attached to and detached from. Pure. */
import { parseTime } from '#common/api/time.ts';
import type * as api from '#common/schema/generated/types.ts';

/** How long a node that does not answer keeps its volumes, for it may still write to them. */
export const forceDetachAfter = 360_000;
const outOfService = 'node.kubernetes.io/out-of-service';

export interface AttachmentPlan {
  readonly attach: readonly string[];
  readonly detach: readonly api.VolumeAttachment[];
  /** Pods that have to wait for another node to let go of the volume. */
  readonly refused: readonly { readonly pod: api.Pod; readonly message: string }[];
  /** When to look again. */
  readonly nextCheck: number | undefined;
}

export interface AttachmentView {
  readonly volume: string;
  readonly shareable: boolean;
  /** That use the volume and are bound to a node. */
  readonly pods: readonly api.Pod[];
  readonly attachments: readonly api.VolumeAttachment[];
  node(name: string): api.Node | undefined;
  readonly now: number;
}

export function planAttachments({ volume, shareable, pods, attachments, node, now }: AttachmentView): AttachmentPlan {
  const wanted = new Set(pods.map(({ spec }) => spec?.nodeName ?? '').filter((name) => node(name) !== undefined));
  const detach: api.VolumeAttachment[] = [];
  const holders = new Set<string>();
  let nextCheck: number | undefined;
  for (const attachment of attachments) {
    const { nodeName } = attachment.spec;
    const from = wanted.has(nodeName) ? undefined : detachableFrom(node(nodeName), now);
    if (from !== undefined && from <= now) {
      if (!attachment.metadata.deletionTimestamp) detach.push(attachment);
    } else if (from !== undefined) nextCheck = Math.min(from, nextCheck ?? from);
    holders.add(nodeName);
  }
  const attach: string[] = [];
  const refused: { pod: api.Pod; message: string }[] = [];
  for (const name of wanted) {
    if (holders.has(name)) continue;
    if (shareable || holders.size === 0) {
      attach.push(name);
      holders.add(name);
    } else if (detach.length === 0) {
      const others = pods.filter(({ spec }) => spec?.nodeName !== name && holders.has(spec?.nodeName ?? ''));
      for (const pod of pods.filter(({ spec }) => spec?.nodeName === name))
        refused.push({ pod, message: refusal(volume, others) });
    }
  }
  return { attach, detach, refused, nextCheck };
}

function refusal(volume: string, users: readonly api.Pod[]): string {
  const why =
    users.length > 0
      ? `Volume is already used by pod(s) ${users.map(({ metadata }) => metadata.name).join(', ')}`
      : "Volume is already exclusively attached to one node and can't be attached to another";
  return `Multi-Attach error for volume ${JSON.stringify(volume)} ${why}`;
}

/** From when a volume that no pod uses may be taken from the node: at once, where its kubelet has unmounted it. */
function detachableFrom(node: api.Node | undefined, now: number): number {
  if (!node || node.spec?.taints?.some(({ key }) => key === outOfService)) return now;
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
  if (!ready || ready.status === 'True') return now;
  return (parseTime(ready.lastTransitionTime) ?? now) + forceDetachAfter;
}
