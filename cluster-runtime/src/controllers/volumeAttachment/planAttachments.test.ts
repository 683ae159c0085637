import { expect, it } from 'vitest';
import { parseTime } from '#common/api/time.ts';
import type * as api from '#common/schema/generated/types.ts';
import { type AttachmentView, forceDetachAfter, planAttachments } from './planAttachments.ts';

const failedAt = '2026-01-01T00:00:00Z';
const now = (parseTime(failedAt) ?? 0) + 60_000;
const node = (name: string, ready = 'True', taints: api.Taint[] = []): api.Node => ({
  metadata: { name },
  spec: { taints },
  status: { conditions: [{ type: 'Ready', status: ready, lastTransitionTime: failedAt }] },
});
const pod = (name: string, nodeName: string): api.Pod => ({ metadata: { name }, spec: { nodeName, containers: [] } });
const attachment = (nodeName: string): api.VolumeAttachment => ({
  metadata: { name: `on-${nodeName}` },
  spec: { attacher: 'd', nodeName, source: { persistentVolumeName: 'v' } },
});
const plan = (more: Partial<AttachmentView>, nodes: readonly api.Node[] = [node('a'), node('b')]) => {
  const { attach, detach, refused, nextCheck } = planAttachments({
    volume: 'v',
    shareable: false,
    pods: [],
    attachments: [],
    node: (name) => nodes.find(({ metadata }) => metadata.name === name),
    now,
    ...more,
  });
  return {
    attach,
    detach: detach.map(({ spec }) => spec.nodeName),
    refused: refused.map(({ pod: { metadata }, message }) => `${metadata.name}: ${message}`),
    nextCheck,
  };
};
const nothing = { attach: [], detach: [], refused: [], nextCheck: undefined };

it.each<[string, Partial<AttachmentView>, Partial<ReturnType<typeof plan>>]>([
  ['goes where its pod is', { pods: [pod('p', 'a')] }, { attach: ['a'] }],
  ['stays there', { pods: [pod('p', 'a')], attachments: [attachment('a')] }, {}],
  ['goes to one node only once', { pods: [pod('p', 'a'), pod('q', 'a')] }, { attach: ['a'] }],
  ['leaves when nobody uses it', { attachments: [attachment('a')] }, { detach: ['a'] }],
  ['leaves one node before it goes to the next', { pods: [pod('p', 'b')], attachments: [attachment('a')] }, { detach: ['a'] }],
  ['goes to several nodes when it may', { shareable: true, pods: [pod('p', 'a'), pod('q', 'b')] }, { attach: ['a', 'b'] }],
  [
    'is refused to a second node',
    { pods: [pod('p', 'a'), pod('q', 'b')], attachments: [attachment('a')] },
    { refused: ['q: Multi-Attach error for volume "v" Volume is already used by pod(s) p'] },
  ],
  ['goes to no node that does not exist', { pods: [pod('p', 'elsewhere')] }, {}],
])('a volume %s', (_, view, expected) => {
  expect(plan(view)).toEqual({ ...nothing, ...expected });
});

it('a node that does not answer keeps it for a while, and then no more', () => {
  const silent = [node('a', 'Unknown'), node('b')];
  const view = { pods: [pod('q', 'b')], attachments: [attachment('a')] };
  const due = (parseTime(failedAt) ?? 0) + forceDetachAfter;
  const text = "Volume is already exclusively attached to one node and can't be attached to another";
  expect(plan(view, silent)).toEqual({ ...nothing, refused: [`q: Multi-Attach error for volume "v" ${text}`], nextCheck: due });
  expect(plan({ ...view, now: due }, silent)).toEqual({ ...nothing, detach: ['a'] });
});

it('a node that is said to be out of service loses it at once', () => {
  const out = [node('a', 'Unknown', [{ key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' }]), node('b')];
  expect(plan({ attachments: [attachment('a')] }, out).detach).toEqual(['a']);
});
