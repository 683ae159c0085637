import { Page } from '../describe/describer.ts';
import { templateLines } from '../describe/podSpec.ts';
import { int } from '../flags.ts';
import { plainError } from '../kubectlError.ts';
import { alignTabs } from '../output/tabWriter.ts';
import { kindText } from '../resourceMap.ts';
import { type Revision, revisionsOf, rolloutFlags, workloadsOf } from '../rollouts.ts';
import type { Verb } from './verb.ts';

export const rolloutHistory: Verb = {
  summary: 'View previous rollout revisions and configurations.',
  usage: '(TYPE NAME | TYPE/NAME) [options]',
  flags: { ...rolloutFlags, revision: int },
  async run(session) {
    const wanted = session.flags.number('revision') ?? 0;
    for (const { target, object } of await workloadsOf(session)) {
      const name = `${kindText(target.resource)}/${target.name ?? ''}`;
      const revisions = await revisionsOf(session, { ...object, kind: target.resource.kind });
      if (wanted > 0) {
        const revision = revisions.find(({ number }) => number === wanted);
        if (!revision) throw plainError('unable to find the specified revision');
        const page = new Page();
        templateLines(page, withCause(revision));
        session.io.out(`${name} with revision #${wanted}\n${page.withTabs()}\n`);
      } else {
        const rows = revisions.map(({ number, cause }) => `${number}\t${cause || '<none>'}\n`).join('');
        session.io.out(`${name} \n${alignTabs(`REVISION\tCHANGE-CAUSE\n${rows}`, { minWidth: 0, padding: 2 })}\n`);
      }
    }
  },
};

/** The cause is shown among the template's annotations. */
function withCause({ cause, template }: Revision): Revision['template'] {
  if (!cause || !template) return template;
  const annotations = { ...template.metadata?.annotations, 'kubernetes.io/change-cause': cause };
  return { ...template, metadata: { ...template.metadata, annotations } };
}
