/** Makes one object and tells of it: what `create`, `run` and `expose` have in common. */
import { withQuery } from '#apiClient/apiPath.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import { withLastApplied } from './apply/lastApplied.ts';
import { dryRunOf, dryRunSuffix, writeQuery } from './dryRun.ts';
import { KubectlError, usageError } from './kubectlError.ts';
import { resultPrinter } from './output/printObjects.ts';
import type { Session } from './session.ts';
import { pathOf } from './targets.ts';

/** An object of this kind that is to be; its fields are the caller's. */
export interface NewObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export async function createObject(
  session: Session,
  object: NewObject,
  done = 'created',
  manager = 'kubectl-create',
): Promise<UntypedObject> {
  const dryRun = dryRunOf(session);
  const resource = await (await session.resources()).ofKind(object.apiVersion, object.kind);
  if (!resource) throw new KubectlError(`error: no matches for kind "${object.kind}" in version "${object.apiVersion}"`);
  const named =
    resource.namespaced && (session.flags.has('namespace') || dryRun !== 'client' || (await session.namespace()) !== 'default');
  const namespace = resource.namespaced ? await session.namespace() : undefined;
  const placed = { ...object, metadata: { ...object.metadata, ...(named ? { namespace } : {}) } } as unknown as UntypedObject;
  const wanted = session.flags.bool('save-config') ? withLastApplied(placed) : placed;
  let made = wanted;
  if (dryRun !== 'client') {
    const path = withQuery(pathOf({ resource, namespace }), writeQuery(session, manager));
    made = (await (await session.api()).send<UntypedObject>('POST', path, wanted)).object;
  }
  resultPrinter(session)({ resource, object: made }, `${done}${dryRunSuffix(dryRun)}`);
  return made;
}

/** The one argument that such a command takes. */
export function nameArgument({ args, command }: Session): string {
  const [name, ...others] = args;
  if (name === undefined || others.length > 0) throw usageError(command, `exactly one NAME is required, got ${args.length}`);
  return name;
}
