import { strategicMergePatch } from '#apiClient/apiClient.ts';
import type { Deployment } from '#common/schema/generated/types.ts';
import { plainError } from '../kubectlError.ts';
import { kindText, resourceText } from '../resourceMap.ts';
import { rolloutFlags, workloadsOf } from '../rollouts.ts';
import { pathOf } from '../targets.ts';
import type { Verb } from './verb.ts';

const verb = (paused: boolean): Verb => ({
  summary: paused ? 'Mark the provided resource as paused.' : 'Resume a paused resource.',
  usage: '(TYPE NAME | TYPE/NAME) [options]',
  flags: rolloutFlags,
  async run(session) {
    const [word, done] = paused ? ['pause', 'paused'] : ['resume', 'resumed'];
    for (const { target, object } of await workloadsOf(session)) {
      const name = `${resourceText(target.resource)} "${target.name ?? ''}"`;
      if (target.resource.kind !== 'Deployment')
        throw plainError(`${name} ${word === 'pause' ? 'pausing' : 'resuming'} is not supported`);
      const { spec } = object as unknown as Deployment;
      if ((spec?.paused ?? false) === paused)
        throw plainError(`${name} can't ${word}d deployment: is ${paused ? 'already paused' : 'not paused'}`);
      await (await session.api()).send('PATCH', pathOf(target), { spec: { paused: paused || null } }, strategicMergePatch);
      session.io.out(`${kindText(target.resource)}/${target.name ?? ''} ${done}\n`);
    }
  },
});

export const rolloutPause = verb(true);
export const rolloutResume = verb(false);
