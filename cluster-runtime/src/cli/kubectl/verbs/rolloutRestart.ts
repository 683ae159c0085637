import { strategicMergePatch } from '#apiClient/apiClient.ts';
import { withQuery } from '#apiClient/apiPath.ts';
import { formatTime } from '#common/api/time.ts';
import type { Deployment } from '#common/schema/generated/types.ts';
import { plainError } from '../kubectlError.ts';
import { kindText, resourceText } from '../resourceMap.ts';
import { rolloutFlags, workloadsOf } from '../rollouts.ts';
import { pathOf } from '../targets.ts';
import type { Verb } from './verb.ts';

export const rolloutRestart: Verb = {
  summary: 'Restart a resource.',
  usage: 'RESOURCE [options]',
  flags: rolloutFlags,
  async run(session) {
    for (const { target, object } of await workloadsOf(session)) {
      const { kind } = target.resource;
      if (!['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind))
        throw plainError(`${resourceText(target.resource)} "${target.name ?? ''}" restarting is not supported`);
      if ((object as unknown as Deployment).spec?.paused)
        throw plainError(
          `${resourceText(target.resource)} "${target.name ?? ''}" can't restart paused deployment (run rollout resume first)`,
        );
      const annotations = { 'kubectl.kubernetes.io/restartedAt': formatTime(session.io.now()) };
      const path = withQuery(pathOf(target), { fieldManager: session.flags.text('field-manager') ?? 'kubectl-rollout' });
      await (await session.api()).send('PATCH', path, { spec: { template: { metadata: { annotations } } } }, strategicMergePatch);
      session.io.out(`${kindText(target.resource)}/${target.name ?? ''} restarted\n`);
    }
  },
};
