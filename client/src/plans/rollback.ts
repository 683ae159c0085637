/**
 * Revisions of a workload and the patch that goes back to one, as `kubectl rollout undo` does it: a Deployment takes over the
 * template and the annotations of an older ReplicaSet; StatefulSets and DaemonSets are patched with what a
 * ControllerRevision holds.
 */
import { controllerOf, type KubeObject } from '#common/api/meta.ts';
import { lastAppliedAnnotation } from '#common/api/structuredMerge/lastApplied.ts';
import type { ControllerRevision, Deployment, PodTemplateSpec, ReplicaSet } from '#common/schema/generated/types.ts';
import { deepEqual } from '#common/base/freeze.ts';

export interface Revision {
  readonly number: number;
  /** What the person who made it said of it. */
  readonly cause?: string;
  /** RFC 3339. */
  readonly since?: string;
  readonly images: readonly string[];
  /** The one that is wanted at present. */
  readonly current: boolean;
  readonly patch: Patch;
}

export type Patch =
  | { readonly type: 'json'; readonly body: readonly { readonly op: string; readonly path: string; readonly value: unknown }[] }
  | { readonly type: 'strategic'; readonly body: Readonly<Record<string, unknown>> };

const revisionAnnotation = 'deployment.kubernetes.io/revision';
const causeAnnotation = 'kubernetes.io/change-cause';
const hashLabel = 'pod-template-hash';
/** What a Deployment keeps of its own, whichever revision it has. */
const ownAnnotations = [
  lastAppliedAnnotation,
  revisionAnnotation,
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
];

/** The newest first. */
export function deploymentRevisions(deployment: Deployment, sets: readonly ReplicaSet[]): Revision[] {
  return sets
    .filter((set) => controllerOf(set)?.uid === deployment.metadata.uid)
    .flatMap((set) => {
      const number = Number(set.metadata.annotations?.[revisionAnnotation] ?? 0);
      const template = set.spec?.template && withoutHash(set.spec.template);
      if (!number || !template) return [];
      const current = !!deployment.spec?.template && deepEqual(withoutHash(deployment.spec.template), template);
      return revisionOf(number, set, template, current, {
        type: 'json',
        body: [
          { op: 'replace', path: '/spec/template', value: template },
          { op: 'replace', path: '/metadata/annotations', value: annotationsAfter(deployment, set) },
        ],
      });
    })
    .sort((a, b) => b.number - a.number);
}

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { [hashLabel]: _hash, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

function annotationsAfter({ metadata }: Deployment, set: ReplicaSet): Record<string, string> {
  const isOwn = ([name]: [string, string]): boolean => ownAnnotations.includes(name);
  return Object.fromEntries([
    ...Object.entries(metadata.annotations ?? {}).filter(isOwn),
    ...Object.entries(set.metadata.annotations ?? {}).filter((entry) => !isOwn(entry)),
  ]);
}

/** Of a StatefulSet or a DaemonSet; the newest first. The newest is the one that is wanted. */
export function controllerRevisions(owner: KubeObject, revisions: readonly ControllerRevision[]): Revision[] {
  const own = revisions
    .filter((revision) => controllerOf(revision)?.uid === owner.metadata.uid)
    .sort((a, b) => b.revision - a.revision);
  return own.map((revision, i) => {
    const data = (revision.data ?? {}) as { spec?: { template?: PodTemplateSpec } };
    return revisionOf(revision.revision, revision, data.spec?.template, i === 0, { type: 'strategic', body: data });
  });
}

function revisionOf(
  number: number,
  { metadata }: KubeObject,
  template: PodTemplateSpec | undefined,
  current: boolean,
  patch: Patch,
): Revision {
  const cause = metadata.annotations?.[causeAnnotation];
  return {
    number,
    ...(cause ? { cause } : {}),
    ...(metadata.creationTimestamp ? { since: metadata.creationTimestamp } : {}),
    images: (template?.spec?.containers ?? []).flatMap(({ image }) => image ?? []),
    current,
    patch,
  };
}
