/** `kubectl create -f`: objects that do not exist yet. */
import { withQuery } from '#apiClient/apiPath.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import { withLastApplied } from '../apply/lastApplied.ts';
import { dryRunOf, dryRunSuffix, writeFlags, writeQuery } from '../dryRun.ts';
import { KubectlErrors, plainError } from '../kubectlError.ts';
import { fileTarget, readFiles } from '../manifestFiles.ts';
import { outputFlags, resultPrinter } from '../output/printObjects.ts';
import { fileFlags, pathOf } from '../targets.ts';
import { during } from './apply.ts';
import type { Verb } from './verb.ts';

export const create: Verb = {
  summary: 'Create a resource from a file or from stdin.',
  usage: '-f FILENAME [options], or create namespace|configmap|secret generic|deployment|job|serviceaccount NAME [options]',
  flags: { ...fileFlags, ...writeFlags, ...outputFlags },
  async run(session) {
    const { flags, args } = session;
    if (args.length > 0)
      throw plainError(`this kubectl creates no ${args[0] ?? ''} by options; write a manifest and use "kubectl create -f"`);
    if (!flags.has('filename') && !flags.has('kustomize')) throw plainError('must specify one of -f and -k');
    const files = await readFiles(session);
    if (files.length === 0) throw plainError('no objects passed to create');
    const api = await session.api();
    const [print, dryRun] = [resultPrinter(session), dryRunOf(session)];
    const errors: unknown[] = [];
    for (const file of files) {
      try {
        const { name: _, ...target } = await fileTarget(session, file);
        const placed = target.object ?? file.object;
        const wanted = flags.bool('save-config') ? withLastApplied(placed) : placed;
        const path = withQuery(pathOf(target), writeQuery(session, 'kubectl-create'));
        const object =
          dryRun === 'client'
            ? wanted
            : (await during(`error when creating "${file.source}"`, api.send<UntypedObject>('POST', path, wanted))).object;
        print({ resource: target.resource, object }, `created${dryRunSuffix(dryRun)}`);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new KubectlErrors(errors);
  },
};
