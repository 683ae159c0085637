/** What the commands of `rollout` have in common: which workloads are meant, and their revisions. */
import { resourcePath, withQuery } from '#apiClient/apiPath.ts';
import { selectorFromLabelSelector } from '#common/api/labelSelector.ts';
import { controllerOf, type UntypedObject } from '#common/api/meta.ts';
import type { ControllerRevision, Deployment, PodTemplateSpec, ReplicaSet } from '#common/schema/generated/types.ts';
import { withoutHash } from './describe/workloads.ts';
import type { FlagSpecs } from './flags.ts';
import { KubectlErrors, usageError } from './kubectlError.ts';
import { fileTargets, readFiles } from './manifestFiles.ts';
import type { Session } from './session.ts';
import { fetchTargets, fileFlags, type Found, targetsOf } from './targets.ts';

export const rolloutFlags: FlagSpecs = {
  ...fileFlags,
  selector: { kind: 'string', short: 'l' },
  'field-manager': { kind: 'string' },
};

export async function workloadsOf(session: Session): Promise<Found[]> {
  const { flags, args, command } = session;
  const nothing = (): Error => usageError(command, 'required resource not specified');
  const asked = flags.has('filename')
    ? await fileTargets(session, await readFiles(session))
    : await targetsOf(session, args, { command, nothing, allOfType: true });
  const errors: unknown[] = [];
  const found = await fetchTargets(session, asked, (error) => errors.push(error));
  if (errors.length > 0) throw new KubectlErrors(errors);
  return found;
}

export interface Revision {
  readonly number: number;
  readonly cause: string | undefined;
  readonly template: PodTemplateSpec | undefined;
  /** What makes the workload so again. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** The oldest first. */
export async function revisionsOf(session: Session, object: UntypedObject): Promise<Revision[]> {
  const api = await session.api();
  const { spec } = object as unknown as Deployment;
  const query = { labelSelector: selectorFromLabelSelector(spec?.selector).text };
  const list = async <T extends ReplicaSet | ControllerRevision>(plural: string): Promise<T[]> => {
    const { items = [] } = await api.get<{ items?: T[] }>(
      withQuery(resourcePath('apps/v1', plural, object.metadata.namespace), query),
    );
    return items.filter((item) => controllerOf(item)?.uid === object.metadata.uid);
  };
  const cause = ({ metadata }: ReplicaSet | ControllerRevision): string | undefined =>
    metadata.annotations?.['kubernetes.io/change-cause'];
  const found =
    object.kind === 'Deployment'
      ? (await list<ReplicaSet>('replicasets')).map((set): Revision => {
          const number = Number(set.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
          return { number, cause: cause(set), template: set.spec?.template, data: { template: withoutHash(set.spec?.template) } };
        })
      : (await list<ControllerRevision>('controllerrevisions')).map((revision): Revision => {
          const data = (revision.data ?? {}) as { spec?: { template?: PodTemplateSpec } };
          return { number: revision.revision, cause: cause(revision), template: data.spec?.template, data };
        });
  return found.filter(({ number }) => number > 0).sort((a, b) => a.number - b.number);
}
