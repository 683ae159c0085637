/** A new object's way into the store: metadata, ownership, admission, strategy, validation, allocation. */
import type { FieldError } from '#common/api/fieldError.ts';
import { apiVersionOf } from '#common/api/groupVersion.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { alreadyExists, ApiError, badRequest, forbiddenError, invalidObject } from '#common/api/status.ts';
import { formatTime } from '#common/api/time.ts';
import { validateObjectMeta } from '#common/kinds/validation/objectMeta.ts';
import { type Entry, WriteConflict } from '../../store/store.ts';
import type { ObjectResult, WriteOptions } from './registry.ts';
import type { AdmissionRequest } from '../admission/admission.ts';
import { noteManager } from './ownership.ts';
import { metaRules } from './metaRules.ts';
import type { ResourceDeps } from './resourceDeps.ts';

/** How often a generated name is tried again when it is taken. */
const nameAttempts = 8;

/**
 * Creates `object`, which is taken over and changed. `managed`: its managedFields are settled already (server-side
 * apply). Throws ApiError.
 */
export async function createObject(
  deps: ResourceDeps,
  namespace: string,
  object: KubeObject,
  options: WriteOptions,
  managed = false,
): Promise<ObjectResult> {
  const { kind } = deps;
  object.apiVersion = apiVersionOf(kind);
  object.kind = kind.kind;
  object.metadata ??= {};
  if (deps.refusesCreation) throw forbiddenError(deps.groupResource, object.metadata.name ?? '', deps.refusesCreation);
  matchNamespace(deps, object, namespace);
  if (object.metadata.resourceVersion) throw new ApiError(500, '', 'resourceVersion should not be set on objects to be created');
  kind.applyDefaults?.(object);
  if (!managed) noteManager(deps, object, undefined, options);

  const stored = deps.storage.toStored(object);
  const request = {
    operation: 'CREATE',
    kind: deps.storage.kind,
    ...(deps.kind === deps.storage.kind ? {} : { requested: deps.kind }),
    namespace,
    subresource: undefined,
    old: undefined,
    options,
  } as const;
  const changing = deps.admission.mutate({ ...request, name: stored.metadata.name ?? '', object: stored });
  let served = object;
  if (changing && (await changing)) {
    matchNamespace(deps, stored, namespace);
    served = deps.kind.storedAs?.fromStored(stored) ?? stored;
  }

  const generated = !stored.metadata.name && Boolean(stored.metadata.generateName);
  for (let attempt = 1; ; attempt++) {
    const candidate = generated && attempt < nameAttempts ? { ...stored, metadata: { ...stored.metadata } } : stored;
    if (generated) candidate.metadata.name = generateName(stored.metadata.generateName ?? '', deps);
    prepare(deps, candidate);
    // Addresses come before validation, which then looks at the whole object.
    const allocation = deps.services.allocate(deps.storage.kind, candidate, undefined, options.dryRun);
    try {
      validate(deps, candidate, served);
      warn(deps, candidate, options);
      await deps.admission.validate({ ...request, name: candidate.metadata.name ?? '', object: candidate });
      const admitted = { ...request, name: candidate.metadata.name ?? '', object: candidate };
      return { ...deps.storage.fromStored(await store(deps, candidate, admitted, options)), created: true };
    } catch (error) {
      allocation?.release();
      if (!(error instanceof WriteConflict)) throw error;
      if (generated && attempt < nameAttempts) continue;
      throw exists(deps, candidate.metadata.name ?? '', error.current);
    }
  }
}

export function matchNamespace(deps: ResourceDeps, object: KubeObject, namespace: string): void {
  if (!deps.kind.namespaced) {
    if (object.metadata.namespace)
      throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
    return;
  }
  if (object.metadata.namespace && object.metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  object.metadata.namespace = namespace;
}

/** Generated names keep the base to 58 characters, so that the suffix fits a label. */
function generateName(base: string, deps: ResourceDeps): string {
  return `${base.slice(0, 58)}${deps.random.suffix()}`;
}

function prepare(deps: ResourceDeps, object: KubeObject): void {
  const { metadata } = object;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.selfLink;
  delete metadata.generation;
  metadata.uid = deps.random.uuid();
  if (!metadata.name && deps.storage.kind.namedByUid) metadata.name = deps.random.uuid();
  metadata.creationTimestamp = formatTime(deps.clock.now());
  if (deps.storage.kind.hasGeneration !== false) metadata.generation = 1;
  deps.storage.kind.prepareForCreate?.(object, deps.clock.now());
  deps.services.prepareForCreate(deps.storage.kind, object);
}

/** `served` is the object in the version of the request. */
function validate(deps: ResourceDeps, object: KubeObject, served: KubeObject): void {
  const { kind } = deps.storage;
  const errors: FieldError[] = validateObjectMeta(object.metadata, metaRules(kind));
  const own = kind.validate?.(object);
  if (own) errors.push(...own);
  const created = deps.kind.validateCreate?.(served);
  if (created) errors.push(...created);
  if (errors.length > 0) throw invalidObject(kind.group, kind.kind, object.metadata.name ?? '', errors);
}

function warn(deps: ResourceDeps, object: KubeObject, options: WriteOptions): void {
  for (const text of deps.storage.kind.warnings?.(object, undefined) ?? []) options.warn(text);
}

async function store(deps: ResourceDeps, object: KubeObject, request: AdmissionRequest, options: WriteOptions): Promise<Entry> {
  const key = deps.storage.key({ namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' });
  const taken = deps.store.get(key);
  if (taken) throw new WriteConflict(key, taken);
  if (options.dryRun) return unstored(key, object);
  deps.admission.book(request);
  return deps.store.create(key, object);
}

/** What a dry run answers with: the object as it would be, without a revision. */
export const unstored = (key: string, object: KubeObject): Entry => ({
  key,
  revision: 0,
  object,
  bytes: () => Buffer.from(JSON.stringify(object)),
});

function exists(deps: ResourceDeps, name: string, current: Entry | undefined): ApiError {
  const error = alreadyExists(deps.groupResource, name);
  if (!current?.object.metadata.deletionTimestamp) return error;
  return new ApiError(error.code, error.reason, `object is being deleted: ${error.message}`, error.details);
}
