import { mergePatch } from '#apiClient/apiClient.ts';
import { withQuery } from '#apiClient/apiPath.ts';
import { dryRunOf, dryRunSuffix, writeFlags } from '../dryRun.ts';
import { int, text } from '../flags.ts';
import { KubectlError, KubectlErrors, plainError } from '../kubectlError.ts';
import { fileTargets, readFiles } from '../manifestFiles.ts';
import { kindText } from '../resourceMap.ts';
import { allFlag, fetchTargets, fileFlags, pathOf, selectorFlags, targetsOf } from '../targets.ts';
import type { Verb } from './verb.ts';

interface Scale {
  readonly spec?: { readonly replicas?: number };
}

export const scale: Verb = {
  summary: 'Set a new size for a deployment, replica set, replication controller, or stateful set.',
  usage: '--replicas=COUNT (-f FILENAME | TYPE NAME) [options]',
  flags: {
    ...selectorFlags,
    ...fileFlags,
    ...allFlag,
    replicas: int,
    'current-replicas': int,
    timeout: text,
    'dry-run': writeFlags['dry-run'] ?? text,
  },
  async run(session) {
    const { flags, args, io } = session;
    if (!flags.has('replicas')) throw new KubectlError('error: required flag(s) "replicas" not set');
    const replicas = flags.number('replicas') ?? 0;
    if (replicas < 0) throw plainError('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
    const asked = flags.has('filename')
      ? await fileTargets(session, await readFiles(session))
      : await targetsOf(session, args, { command: 'kubectl scale', allByFlag: true });
    const errors: unknown[] = [];
    const found = await fetchTargets(session, asked, (error) => errors.push(error));
    const api = await session.api();
    const dryRun = dryRunOf(session);
    for (const { target } of found) {
      try {
        const path = `${pathOf(target)}/scale`;
        const expected = flags.number('current-replicas') ?? -1;
        if (expected >= 0) {
          const now = (await api.get<Scale>(path)).spec?.replicas ?? 0;
          if (now !== expected) throw plainError(`Expected replicas to be ${expected}, was ${now}`);
        }
        if (dryRun !== 'client')
          await api.send(
            'PATCH',
            withQuery(path, { dryRun: dryRun === 'server' ? 'All' : undefined }),
            { spec: { replicas } },
            mergePatch,
          );
        io.out(`${kindText(target.resource)}/${target.name ?? ''} scaled${dryRunSuffix(dryRun)}\n`);
      } catch (error) {
        errors.push(error);
      }
    }
    if (found.length === 0)
      throw plainError(`no objects passed to scale ${errors.map((error) => (error as Error).message).join(', ')}`.trimEnd());
    if (errors.length > 0) throw new KubectlErrors(errors);
  },
};
