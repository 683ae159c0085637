import { strategicMergePatch } from '#apiClient/apiClient.ts';
import { deepEqual } from '#common/base/freeze.ts';
import type { Deployment } from '#common/schema/generated/types.ts';
import { withoutHash } from '../describe/workloads.ts';
import { dryRunOf, dryRunSuffix, writeFlags } from '../dryRun.ts';
import { int, text } from '../flags.ts';
import { plainError } from '../kubectlError.ts';
import { kindText } from '../resourceMap.ts';
import { revisionsOf, rolloutFlags, workloadsOf } from '../rollouts.ts';
import { pathOf } from '../targets.ts';
import type { Verb } from './verb.ts';

export const rolloutUndo: Verb = {
  summary: 'Roll back to a previous rollout.',
  usage: '(TYPE NAME | TYPE/NAME) [--to-revision=REVISION] [options]',
  flags: { ...rolloutFlags, 'to-revision': int, 'dry-run': writeFlags['dry-run'] ?? text },
  async run(session) {
    const wanted = session.flags.number('to-revision') ?? 0;
    const dryRun = dryRunOf(session);
    for (const { target, object } of await workloadsOf(session)) {
      const { kind } = target.resource;
      const revisions = await revisionsOf(session, { ...object, kind });
      const { spec } = object as unknown as Deployment;
      const done = (what: string): void =>
        session.io.out(`${kindText(target.resource)}/${target.name ?? ''} ${what}${dryRunSuffix(dryRun)}\n`);
      if (kind === 'Deployment' && spec?.paused)
        throw plainError(`you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`);
      const revision = wanted > 0 ? revisions.find(({ number }) => number === wanted) : revisions.at(-2);
      if (!revision)
        throw plainError(
          wanted > 0
            ? `unable to find specified revision ${wanted} in history`
            : kind === 'Deployment'
              ? `no rollout history found for deployment "${target.name ?? ''}"`
              : 'no last revision to roll back to',
        );
      if (deepEqual(withoutHash(spec?.template), withoutHash(revision.template))) {
        done(`skipped rollback (current template already matches revision ${revision.number})`);
        continue;
      }
      if (dryRun !== 'client') {
        const api = await session.api();
        const path = `${pathOf(target)}${dryRun === 'server' ? '?dryRun=All' : ''}`;
        // A Deployment takes the template as a whole, so that what was added since goes.
        const patch = [{ op: 'replace', path: '/spec/template', value: revision.data['template'] }];
        await (kind === 'Deployment'
          ? api.send('PATCH', path, patch, 'application/json-patch+json')
          : api.send('PATCH', path, revision.data, strategicMergePatch));
      }
      done('rolled back');
    }
  },
};
