/**
 * Which objects a command is about: `TYPE NAME…`, `TYPE/NAME…`, `-l`, files. Arguments become requests for collections and
 * single objects; nothing is fetched before it is asked for.
 */
import { resourcePath, withQuery } from '#apiClient/apiPath.ts';
import type { ApiResource } from '#apiClient/discovery.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import { bool, type FlagSpecs, text } from './flags.ts';
import { ApiError } from '#common/api/status.ts';
import { KubectlError, plainError, RefusalDuring, usageError } from './kubectlError.ts';
import type { Session } from './session.ts';

export const selectorFlags: FlagSpecs = {
  selector: { kind: 'string', short: 'l' },
  'field-selector': text,
  'all-namespaces': { kind: 'bool', short: 'A' },
};

export const fileFlags: FlagSpecs = {
  filename: { kind: 'commaList', short: 'f' },
  recursive: { kind: 'bool', short: 'R' },
  kustomize: { kind: 'string', short: 'k' },
};

export const allFlag: FlagSpecs = { all: bool };

/** One object, or with no name a collection. */
export interface Target {
  readonly resource: ApiResource;
  /** Undefined for what is of the cluster, and for all namespaces. */
  readonly namespace: string | undefined;
  readonly name?: string;
  /** As its file has it. */
  readonly object?: UntypedObject;
  /** The file's name, for complaints. */
  readonly source?: string;
}

export const pathOf = ({ resource, namespace, name }: Target): string =>
  resourcePath(resource.apiVersion, resource.plural, namespace, name);

export interface ArgumentRules {
  /** `kubectl get` */
  readonly command: string;
  /** What is said when nothing is named. */
  readonly nothing?: () => Error;
  /** A lone TYPE is all its objects. */
  readonly allOfType?: boolean;
  /** With `--all` too. */
  readonly allByFlag?: boolean;
  /** `--selector` does not say which objects are meant. */
  readonly selectorIsOther?: boolean;
}

/** The targets of the arguments alone. */
export async function targetsOf(session: Session, args: readonly string[], rules: ArgumentRules): Promise<Target[]> {
  const { flags } = session;
  const resources = await session.resources();
  const everywhere = flags.bool('all-namespaces');
  const here = await session.namespace();
  const within = (resource: ApiResource): string | undefined => (resource.namespaced && !everywhere ? here : undefined);
  const hasSelector = (!rules.selectorIsOther && !!flags.text('selector')) || !!flags.text('field-selector');
  if (args.length === 0) throw rules.nothing?.() ?? nothingNamed(rules.command);
  const [first = '', ...names] = args;
  if (args.some((word) => word.includes('/'))) {
    if (!first.includes('/') || names.some((word) => !word.includes('/')))
      throw plainError(
        first.includes('/')
          ? `there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. '${rules.command.split(' ').slice(0, 1).join(' ')} get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'`
          : `there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'`,
      );
    if (everywhere) throw plainError('a resource cannot be retrieved by name across all namespaces');
    const targets: Target[] = [];
    for (const word of args) {
      const parts = word.split('/');
      const [type = '', name = ''] = parts;
      if (parts.length !== 2) throw plainError(`arguments in resource/name form may not have more than one slash`);
      if (!type || !name) throw plainError('arguments in resource/name form must have a single resource and name');
      const resource = await resources.find(type);
      targets.push({ resource, namespace: within(resource), name });
    }
    if (hasSelector) throw plainError('name cannot be provided when a selector is specified');
    return targets;
  }
  const found = await resources.findAll(first);
  if (names.length === 0) {
    if (!rules.allOfType && !hasSelector && !(rules.allByFlag && flags.bool('all')))
      throw plainError('resource(s) were provided, but no name was specified');
    return found.map((resource) => ({ resource, namespace: within(resource) }));
  }
  if (hasSelector) throw plainError('name cannot be provided when a selector is specified');
  if (everywhere) throw plainError('a resource cannot be retrieved by name across all namespaces');
  if (rules.allByFlag && flags.bool('all')) throw plainError("setting 'all' parameter but found a non empty selector. ");
  return found.flatMap((resource) => names.map((name) => ({ resource, namespace: within(resource), name })));
}

export function nothingNamed(command: string): Error {
  return usageError(command, 'Required resource not specified.');
}

/** The query of a collection's request. */
export function selection(session: Session): Record<string, string | undefined> {
  return { labelSelector: session.flags.text('selector'), fieldSelector: session.flags.text('field-selector') };
}

interface ListAnswer {
  readonly kind?: string;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly UntypedObject[] | null;
}

/** All objects of a collection, each saying what it is. */
export async function listObjects(session: Session, target: Target): Promise<{ items: UntypedObject[]; revision: string }> {
  const api = await session.api();
  const items: UntypedObject[] = [];
  const { apiVersion, kind } = target.resource;
  let next: string | undefined;
  for (;;) {
    const query = { ...selection(session), limit: 500, continue: next };
    const page: ListAnswer = await inListWords(session, target, api.get(withQuery(pathOf(target), query)));
    for (const item of page.items ?? []) items.push({ ...item, apiVersion, kind });
    next = page.metadata?.continue || undefined;
    if (next === undefined) return { items, revision: page.metadata?.resourceVersion ?? '' };
  }
}

/** A refused list says what was looked for. */
export async function inListWords<T>(session: Session, { resource, name }: Target, pending: Promise<T>): Promise<T> {
  try {
    return await pending;
  } catch (error) {
    if (!(error instanceof ApiError) || name !== undefined || (error.code !== 400 && error.code !== 404)) throw error;
    const { labelSelector = '', fieldSelector = '' } = selection(session);
    const what = JSON.stringify(`${resource.group}/${resource.version}, Resource=${resource.plural}`);
    const wanted = `that match label selector ${JSON.stringify(labelSelector)}, field selector ${JSON.stringify(fieldSelector)}`;
    throw new RefusalDuring(
      labelSelector || fieldSelector ? `Unable to find ${what} ${wanted}` : `Unable to list ${what}`,
      error,
    );
  }
}

export interface Found {
  readonly target: Target;
  readonly object: UntypedObject;
}

/** The objects themselves, in order. What fails is told to `onError`; the others are found all the same. */
export async function fetchTargets(
  session: Session,
  targets: readonly Target[],
  onError: (error: unknown) => void,
): Promise<Found[]> {
  const api = await session.api();
  const found: Found[] = [];
  for (const target of targets) {
    try {
      if (target.name !== undefined) found.push({ target, object: await api.get<UntypedObject>(pathOf(target)) });
      else
        for (const object of (await listObjects(session, target)).items) found.push({ target: targetOf(target, object), object });
    } catch (error) {
      if (error instanceof KubectlError) throw error;
      onError(error);
    }
  }
  return found;
}

const targetOf = ({ resource }: Target, { metadata }: UntypedObject): Target => ({
  resource,
  namespace: resource.namespaced ? metadata.namespace : undefined,
  name: metadata.name ?? '',
});
