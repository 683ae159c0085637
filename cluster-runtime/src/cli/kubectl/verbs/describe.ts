/** `kubectl describe`: a page per object, with what happened to it. A name that nothing has may be the beginning of several. */
import { hasReason } from '#common/api/status.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import { describerOf } from '../describe/allDescribers.ts';
import type { DescribeContext } from '../describe/describer.ts';
import { bool, int } from '../flags.ts';
import { KubectlErrors, plainError } from '../kubectlError.ts';
import { fileTargets, readFiles } from '../manifestFiles.ts';
import type { Session } from '../session.ts';
import { fetchTargets, fileFlags, type Found, listObjects, pathOf, selectorFlags, type Target, targetsOf } from '../targets.ts';
import type { Verb } from './verb.ts';

export const describe: Verb = {
  summary: 'Show details of a specific resource or group of resources.',
  usage: '(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME) [options]',
  flags: { ...selectorFlags, ...fileFlags, 'show-events': bool, 'chunk-size': int },
  async run(session) {
    const { flags, args, io } = session;
    const fromFiles = flags.has('filename');
    const nothing = (): Error =>
      plainError(
        'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.',
      );
    const targets = fromFiles
      ? await fileTargets(session, await readFiles(session))
      : await targetsOf(session, args, { command: 'kubectl describe', allOfType: true, nothing });
    const errors: unknown[] = [];
    const found = await wantedObjects(session, targets, errors, args.some((word) => word.includes('/')) || fromFiles);
    const ctx: DescribeContext = { api: await session.api(), now: io.now(), showEvents: flags.bool('show-events', true) };
    let isFirst = true;
    // Pages found by the beginning of a name stand closer together.
    const byPrefix =
      targets.length === 1 && targets[0]?.name !== undefined && found.some(({ target }) => target.name !== targets[0]?.name);
    for (const { target, object } of found) {
      const text = await (await describerOf(target.resource))(ctx, object);
      io.out(byPrefix ? `${text}\n` : isFirst ? text : `\n\n${text}`);
      isFirst = false;
    }
    if (errors.length > 0) throw new KubectlErrors(errors);
    if (found.length > 0) return;
    const inNamespace = targets.every(({ resource }) => resource.namespaced) && !flags.bool('all-namespaces');
    io.err(inNamespace ? `No resources found in ${await session.namespace()} namespace.\n` : 'No resources found\n');
  },
};

async function wantedObjects(session: Session, targets: readonly Target[], errors: unknown[], exact: boolean): Promise<Found[]> {
  const [only] = targets;
  if (targets.length !== 1 || only?.name === undefined || exact)
    return fetchTargets(session, targets, (error) => errors.push(error));
  try {
    return [{ target: only, object: await (await session.api()).get<UntypedObject>(pathOf(only)) }];
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
    const { name, ...collection } = only;
    const { items } = await listObjects(session, collection);
    const begun = items.filter(({ metadata }) => metadata.name?.startsWith(name));
    if (begun.length === 0) throw error;
    return begun.map((object) => ({ target: { ...collection, name: object.metadata.name ?? '' }, object }));
  }
}
