/** `kubectl delete`: by file, name, selector or all of a kind; waits until they are gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { UntypedObject } from '#common/api/meta.ts';
import { parseDuration } from '#common/api/duration.ts';
import { hasReason } from '#common/api/status.ts';
import { dryRunOf, dryRunSuffix, writeFlags } from '../dryRun.ts';
import { bool, int, text } from '../flags.ts';
import { KubectlErrors, plainError } from '../kubectlError.ts';
import { fileTargets, readFiles } from '../manifestFiles.ts';
import { kindText } from '../resourceMap.ts';
import type { Session } from '../session.ts';
import { allFlag, fileFlags, listObjects, pathOf, selectorFlags, type Target, targetsOf } from '../targets.ts';
import type { Verb } from './verb.ts';

export const deleteVerb: Verb = {
  summary: 'Delete resources by file names, stdin, resources and names, or by resources and label selector.',
  usage: '([-f FILENAME] | TYPE [(NAME | -l label | --all)]) [options]',
  flags: {
    ...selectorFlags,
    ...fileFlags,
    ...allFlag,
    'dry-run': writeFlags['dry-run'] ?? text,
    wait: bool,
    force: bool,
    now: bool,
    'grace-period': int,
    'ignore-not-found': bool,
    cascade: { kind: 'string', bare: 'background' },
    timeout: text,
    output: { kind: 'string', short: 'o' },
  },
  async run(session) {
    const { flags, args } = session;
    const fromFiles = flags.has('filename') || flags.has('kustomize');
    const nothing = (): Error =>
      plainError(
        "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'",
      );
    const asked = fromFiles
      ? await fileTargets(session, await readFiles(session))
      : await targetsOf(session, args, { command: 'kubectl delete', allByFlag: true, nothing });
    const errors: unknown[] = [];
    const gone: { target: Target; uid: string | undefined }[] = [];
    const force = flags.bool('force');
    if (force && dryRunOf(session) === 'none')
      session.warn(
        'Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.',
      );
    let count = 0;
    for (const target of await expanded(session, asked)) {
      count++;
      try {
        gone.push({ target, uid: await deleteOne(session, target) });
      } catch (error) {
        const mayBeMissing = flags.bool('ignore-not-found') || (asked.every(({ name }) => name === undefined) && !fromFiles);
        if (!(mayBeMissing && hasReason(error, 'NotFound'))) errors.push(error);
      }
    }
    if (count === 0) session.io.out('No resources found\n');
    if (flags.bool('wait', !force) && dryRunOf(session) === 'none')
      for (const { target, uid } of gone) await untilGone(session, target, uid);
    if (errors.length > 0) throw new KubectlErrors(errors);
  },
};

/** Collections become their objects. */
async function expanded(session: Session, targets: readonly Target[]): Promise<Target[]> {
  const found: Target[] = [];
  for (const target of targets) {
    if (target.name !== undefined) found.push(target);
    else if (target.resource.verbs.includes('delete'))
      for (const { metadata } of (await listObjects(session, target)).items)
        found.push({
          resource: target.resource,
          namespace: target.resource.namespaced ? metadata.namespace : undefined,
          name: metadata.name ?? '',
        });
  }
  return found;
}

/** The uid of what is going. */
async function deleteOne(session: Session, target: Target): Promise<string | undefined> {
  const { flags, io } = session;
  const dryRun = dryRunOf(session);
  const api = await session.api();
  const force = flags.bool('force');
  const grace = flags.number('grace-period') ?? (flags.bool('now') ? 1 : force ? 0 : undefined);
  if (grace === 0 && !force && flags.has('grace-period'))
    session.warn('grace-period=0 is only honoured with --force; the object goes as gently as it can');
  const cascade = flags.text('cascade') ?? 'background';
  const policies: Readonly<Record<string, string>> = {
    background: 'Background',
    foreground: 'Foreground',
    orphan: 'Orphan',
    true: 'Background',
    false: 'Orphan',
  };
  const options = {
    propagationPolicy: (Object.hasOwn(policies, cascade) ? policies[cascade] : undefined) ?? 'Background',
    ...(grace !== undefined && grace >= 0 ? { gracePeriodSeconds: grace === 0 && !force ? 1 : grace } : {}),
  };
  let uid: string | undefined;
  if (dryRun === 'client') await api.get(pathOf(target));
  else {
    // In the body: a query beside a body is not looked at.
    const body = { kind: 'DeleteOptions', apiVersion: 'v1', ...options, ...(dryRun === 'server' ? { dryRun: ['All'] } : {}) };
    const { object } = await api.send<UntypedObject & { details?: { uid?: string } }>('DELETE', pathOf(target), body);
    uid = object.details?.uid ?? object.metadata?.uid;
  }
  const kind = kindText(target.resource);
  const done = `${force ? 'force ' : ''}deleted${dryRunSuffix(dryRun)}`;
  io.out(flags.text('output') === 'name' ? `${kind}/${target.name ?? ''}\n` : `${kind} "${target.name ?? ''}" ${done}\n`);
  return uid;
}

const pauseMs = 100;

/** Or until another has its name. */
async function untilGone(session: Session, target: Target, uid: string | undefined): Promise<void> {
  const { io, flags } = session;
  const api = await session.api();
  const limit = parseDuration(flags.text('timeout') ?? '0s') ?? 0;
  for (let waited = 0; ; waited += pauseMs) {
    try {
      const object = await api.get<UntypedObject>(pathOf(target), io.signal);
      if (uid !== undefined && object.metadata.uid !== uid) return;
    } catch (error) {
      if (hasReason(error, 'NotFound')) return;
      throw error;
    }
    if (limit > 0 && waited >= limit)
      throw plainError(`timed out waiting for the condition on ${target.resource.plural}/${target.name ?? ''}`);
    await sleep(pauseMs, undefined, { signal: io.signal });
  }
}
