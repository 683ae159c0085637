/** `kubectl apply -f`: client-side, with kubectl's own memory in the object, or server-side. */
import { applyPatch, mergePatch, strategicMergePatch } from '#apiClient/apiClient.ts';
import { withQuery } from '#apiClient/apiPath.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import { ApiError, hasReason } from '#common/api/status.ts';
import { typeOfKind } from '#common/schema/builtinTypes.ts';
import { lastAppliedOf, withLastApplied } from '../apply/lastApplied.ts';
import { threeWayPatch } from '../apply/threeWayPatch.ts';
import { dryRunOf, dryRunSuffix, writeFlags, writeQuery } from '../dryRun.ts';
import { bool, text } from '../flags.ts';
import { KubectlErrors, plainError, RefusalDuring } from '../kubectlError.ts';
import { fileTarget, readFiles } from '../manifestFiles.ts';
import { compactJson } from '../output/jsonText.ts';
import { outputFlags, resultPrinter } from '../output/printObjects.ts';
import type { Session } from '../session.ts';
import { fileFlags, pathOf, type Target } from '../targets.ts';
import type { Verb } from './verb.ts';

interface Applied {
  readonly object: UntypedObject;
  readonly done: string;
}

export const apply: Verb = {
  summary: 'Apply a configuration to a resource by file name or stdin.',
  usage: '-f FILENAME [options]',
  flags: {
    ...fileFlags,
    ...writeFlags,
    ...outputFlags,
    'server-side': bool,
    'force-conflicts': bool,
    overwrite: bool,
    wait: bool,
    prune: bool,
    selector: { kind: 'string', short: 'l' },
    timeout: text,
  },
  async run(session) {
    const { flags, args } = session;
    if (args.length > 0) throw plainError(`Unexpected args: [${args.join(' ')}]\nSee 'kubectl apply -h' for help and examples`);
    if (flags.bool('prune')) throw plainError('this kubectl does not prune; delete what is gone with "kubectl delete"');
    if (!flags.has('filename') && !flags.has('kustomize')) throw plainError('must specify one of -f and -k');
    const files = await readFiles(session);
    if (files.length === 0) throw plainError('no objects passed to apply');
    const print = resultPrinter(session);
    const errors: unknown[] = [];
    for (const file of files) {
      try {
        const target = await fileTarget(session, file);
        const { object, done } = await (flags.bool('server-side')
          ? applyServerSide(session, target)
          : applyClientSide(session, target));
        print({ resource: target.resource, object }, `${done}${dryRunSuffix(dryRunOf(session))}`);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new KubectlErrors(errors);
  },
};

async function applyClientSide(session: Session, target: Target): Promise<Applied> {
  const { source = '', object, name, ...collection } = target;
  if (!object || name === undefined)
    throw plainError(`error when retrieving current configuration of:\nfor: "${source}": resource name may not be empty`);
  const api = await session.api();
  const query = writeQuery(session, 'kubectl-client-side-apply');
  const dryRun = dryRunOf(session);
  const wanted = withLastApplied(object);
  let live: UntypedObject;
  try {
    live = await api.get<UntypedObject>(pathOf(target), session.io.signal);
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
    if (dryRun === 'client') return { object: wanted, done: 'created' };
    const sent = api.send<UntypedObject>('POST', withQuery(pathOf(collection), query), wanted);
    return { object: (await during(`error when creating "${source}"`, sent)).object, done: 'created' };
  }
  const original = lastAppliedOf(live);
  if (!original)
    session.warn(
      `resource ${target.resource.plural}/${name} is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.`,
    );
  const { group, version, kind } = target.resource;
  const type = typeOfKind({ group, version, kind });
  const patch = threeWayPatch(original ?? {}, wanted, live, type);
  if (dryRun === 'client') return { object: wanted, done: 'configured' };
  if (Object.keys(patch).length === 0) return { object: live, done: 'unchanged' };
  const sent = api.send<UntypedObject>('PATCH', withQuery(pathOf(target), query), patch, type ? strategicMergePatch : mergePatch);
  const { object: stored } = await during(whatWasPatched(target, patch), sent);
  return { object: stored, done: 'configured' };
}

function whatWasPatched({ resource, namespace = '', name = '', source = '' }: Target, patch: object): string {
  const { group, version, apiVersion, plural, kind } = resource;
  const gv = group ? `${group}/${version}` : `/${apiVersion}`;
  return `error when applying patch:\n${compactJson(patch)}\nto:\nResource: "${gv}, Resource=${plural}", GroupVersionKind: "${gv}, Kind=${kind}"\nName: "${name}", Namespace: "${namespace}"\nfor: "${source}": error when patching "${source}"`;
}

export async function during<T>(what: string, pending: Promise<T>): Promise<T> {
  try {
    return await pending;
  } catch (error) {
    throw error instanceof ApiError && error.reason !== 'Invalid' ? new RefusalDuring(what, error) : error;
  }
}

async function applyServerSide(session: Session, target: Target): Promise<Applied> {
  if (dryRunOf(session) === 'client')
    throw plainError("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)");
  const api = await session.api();
  const query = { ...writeQuery(session, 'kubectl'), force: session.flags.bool('force-conflicts') };
  try {
    const { object } = await api.send<UntypedObject>('PATCH', withQuery(pathOf(target), query), target.object, applyPatch);
    return { object, done: 'serverside-applied' };
  } catch (error) {
    if (!hasReason(error, 'Conflict')) throw error;
    throw plainError(`${error.message}\n${conflictAdvice}`);
  }
}

const conflictAdvice = `Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;
