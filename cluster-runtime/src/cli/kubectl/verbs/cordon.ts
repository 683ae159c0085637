/** `cordon` and `uncordon`: whether a node takes new pods. */
import { strategicMergePatch } from '#apiClient/apiClient.ts';
import { resourcePath } from '#apiClient/apiPath.ts';
import type { Node } from '#common/schema/generated/types.ts';
import { dryRunOf, dryRunSuffix, writeFlags } from '../dryRun.ts';
import { text } from '../flags.ts';
import { KubectlErrors, usageError } from '../kubectlError.ts';
import type { Session } from '../session.ts';
import { fetchTargets, type Found, selectorFlags, targetsOf } from '../targets.ts';
import type { Verb } from './verb.ts';

const verb = (unschedulable: boolean): Verb => ({
  summary: `Mark node as ${unschedulable ? 'un' : ''}schedulable.`,
  usage: 'NODE [options]',
  flags: { ...selectorFlags, 'dry-run': writeFlags['dry-run'] ?? text },
  async run(session) {
    for (const { target } of await nodesOf(session)) await setSchedulable(session, target.name ?? '', unschedulable);
  },
});

export const cordon = verb(true);
export const uncordon = verb(false);

/** The nodes that the arguments name. */
export async function nodesOf(session: Session): Promise<Found[]> {
  const { args, flags, command } = session;
  if (args.length === 0 && !flags.has('selector'))
    throw usageError(command, `USAGE: ${command.replace('kubectl ', '')} NODE [flags]`);
  const names = args.map((name) => name.replace(/^nodes?\//, ''));
  const errors: unknown[] = [];
  const found = await fetchTargets(
    session,
    await targetsOf(session, ['nodes', ...names], { command, allOfType: true }),
    (error) => errors.push(error),
  );
  if (errors.length > 0) throw new KubectlErrors(errors);
  return found;
}

export async function setSchedulable(session: Session, name: string, unschedulable: boolean): Promise<void> {
  const api = await session.api();
  const dryRun = dryRunOf(session);
  const path = resourcePath('v1', 'nodes', undefined, name);
  const node = await api.get<Node>(path);
  const word = unschedulable ? 'cordoned' : 'uncordoned';
  if ((node.spec?.unschedulable ?? false) === unschedulable) {
    session.io.out(`node/${name} already ${word}${dryRunSuffix(dryRun)}\n`);
    return;
  }
  if (dryRun !== 'client')
    await api.send(
      'PATCH',
      dryRun === 'server' ? `${path}?dryRun=All` : path,
      { spec: { unschedulable: unschedulable || null } },
      strategicMergePatch,
    );
  session.io.out(`node/${name} ${word}${dryRunSuffix(dryRun)}\n`);
}
