/**
 * A change's way into the store: preconditions, carried-over system fields, ownership, admission, strategy, validation.
 * Updates, patches and applies all end here.
 */
import { deepEqual } from '#common/base/freeze.ts';
import { type FieldError, invalid } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { apiVersionOf } from '#common/api/groupVersion.ts';
import type { KubeObject, ObjectKey } from '#common/api/meta.ts';
import { ApiError, badRequest, conflict, invalidObject, modifiedConflict, notFound } from '#common/api/status.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from '#common/kinds/validation/objectMeta.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { type Entry, WriteConflict } from '../../store/store.ts';
import { createObject, matchNamespace, unstored } from './createObject.ts';
import { revisionProblem } from './listQuery.ts';
import type { ObjectResult, ObjectSubresource, WriteOptions } from './registry.ts';
import { noteManager } from './ownership.ts';
import { metaRules } from './metaRules.ts';
import type { ResourceDeps } from './resourceDeps.ts';
import { prepareForSubresource } from './subresourceStrategy.ts';
import { isFullyDeleted, removeEntry } from './deleteObject.ts';

/** Makes the new object from the stored one (undefined: there is none). The result is taken over and changed. */
export interface Transform {
  (current: KubeObject | undefined): { object: KubeObject; managed?: boolean };
}

export interface UpdateRules {
  readonly subresource: ObjectSubresource | undefined;
  /** What to do when the object is missing: 404, or create what the transform makes. */
  readonly createMissing: boolean;
  /** A patch never names the uid by itself, so a wrong one is a validation error there and a conflict in a PUT. */
  readonly fromPatch: boolean;
}

/** How often an update without a resourceVersion is tried again when somebody else was quicker. */
const attempts = 10;

export async function updateObject(
  deps: ResourceDeps,
  key: ObjectKey,
  transform: Transform,
  rules: UpdateRules,
  options: WriteOptions,
): Promise<ObjectResult> {
  const storeKey = deps.storage.key(key);
  for (let attempt = 1; ; attempt++) {
    const current = deps.store.get(storeKey);
    if (!current) {
      if (!rules.createMissing) throw notFound(deps.groupResource, key.name);
      const { object, managed } = transform(undefined);
      matchName(object, key, rules.fromPatch);
      if (object.metadata.uid) throw missingWithUid(deps, key, object.metadata.uid);
      delete object.metadata.resourceVersion;
      return await createObject(deps, key.namespace, object, options, managed);
    }
    const served = deps.storage.read(current);
    const { object, managed } = transform(served);
    matchName(object, key, rules.fromPatch);
    matchNamespace(deps, object, key.namespace);
    const unconditional = matchRevision(deps, current, object, rules);
    try {
      return await write(deps, key, current, object, managed ?? false, rules, options);
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
      if (!unconditional || attempt === attempts) throw modifiedConflict(deps.groupResource, key.name);
    }
  }
}

function matchName(object: KubeObject, key: ObjectKey, fromPatch: boolean): void {
  object.metadata ??= {};
  if (!object.metadata.name) {
    if (fromPatch)
      throw badRequest(`the name of the object (${key.name} based on URL) was undeterminable: name must be provided`);
    object.metadata.name = key.name;
  }
  if (object.metadata.name !== key.name) {
    throw badRequest(`the name of the object (${object.metadata.name}) does not match the name on the URL (${key.name})`);
  }
}

/** True when the caller did not say which revision it read, so that a lost race may be run again. */
function matchRevision(deps: ResourceDeps, current: Entry, object: KubeObject, rules: UpdateRules): boolean {
  const { metadata } = object;
  if (!rules.fromPatch && metadata.uid && metadata.uid !== current.object.metadata.uid) {
    throw conflict(
      deps.groupResource,
      metadata.name ?? '',
      uidProblem(deps, object, metadata.uid, current.object.metadata.uid ?? ''),
    );
  }
  if (metadata.resourceVersion && metadata.resourceVersion !== '0') {
    const problem = revisionProblem(metadata.resourceVersion);
    if (problem) throw new ApiError(500, '', problem);
    if (metadata.resourceVersion !== current.object.metadata.resourceVersion)
      throw modifiedConflict(deps.groupResource, metadata.name ?? '');
    return rules.fromPatch;
  }
  if (!rules.fromPatch && rules.subresource !== 'scale' && deps.storage.kind.unconditionalUpdate === false) {
    // This one message names the resource, not the kind.
    throw invalidObject(deps.kind.group, deps.kind.plural, metadata.name ?? '', [
      invalid(FieldPath.of('metadata', 'resourceVersion'), 0, 'must be specified for an update'),
    ]);
  }
  return true;
}

/** Names the object by its key in etcd, as Kubernetes does. */
function uidProblem({ storage: { kind }, type }: ResourceDeps, { metadata }: KubeObject, asked: string, found: string): string {
  const name = kind.namespaced ? `${metadata.namespace}/${metadata.name}` : metadata.name;
  const folder = type.custom ? `${kind.group}/${kind.plural}` : (etcdFolders[kind.plural] ?? kind.plural);
  const key = `/registry/${folder}/${name}`;
  return `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${asked}, UID in object meta: ${found}`;
}

/** Where Kubernetes' keys in etcd are not simply the plural. */
const etcdFolders: Readonly<Record<string, string>> = {
  endpoints: 'services/endpoints',
  ingresses: 'ingress',
  nodes: 'minions',
  replicationcontrollers: 'controllers',
  services: 'services/specs',
};

const missingWithUid = (deps: ResourceDeps, key: ObjectKey, uid: string): ApiError =>
  conflict(deps.groupResource, key.name, uidProblem(deps, { metadata: { ...key } }, uid, ''));

async function write(
  deps: ResourceDeps,
  key: ObjectKey,
  current: Entry,
  object: KubeObject,
  managed: boolean,
  rules: UpdateRules,
  options: WriteOptions,
): Promise<ObjectResult> {
  const old = current.object;
  const { kind } = deps.storage;
  object.apiVersion = apiVersionOf(deps.kind);
  object.kind = deps.kind.kind;
  deps.kind.applyDefaults?.(object);
  carrySystemFields(object, old);
  // Fields are owned in the version that was written.
  const converts = deps.kind.storedAs !== undefined;
  if (!managed && converts) noteManager(deps, object, deps.storage.read(current), options, rules.subresource);
  let updated = prepare(deps, deps.storage.toStored(object), old, rules);
  if (!managed && !converts) noteManager(deps, updated, old, options, rules.subresource);

  const request = {
    operation: 'UPDATE',
    kind,
    ...(converts ? { requested: deps.kind } : {}),
    namespace: key.namespace,
    name: key.name,
    subresource: rules.subresource,
    old,
    options,
  } as const;
  const changing = deps.admission.mutate({ ...request, object: updated });
  if (changing && (await changing)) {
    // What a request may not write, nobody may write in its name.
    matchName(updated, key, false);
    matchNamespace(deps, updated, key.namespace);
    carrySystemFields(updated, old);
    updated = prepare(deps, updated, old, rules);
  }
  raiseGeneration(kind, updated, old, rules);
  validate(deps, updated, old, rules);
  for (const text of kind.warnings?.(updated, old) ?? []) if (!rules.subresource) options.warn(text);
  await deps.admission.validate({ ...request, object: updated });

  updated = shareUnchanged(updated, old);
  if (updated === old) return deps.storage.fromStored(current);
  if (options.dryRun) {
    deps.services.allocate(kind, updated, old, true)?.release();
    return deps.storage.fromStored(unstored(current.key, updated));
  }
  if (isFullyDeleted(kind, updated)) {
    return deps.storage.fromStored(await removeEntry(deps, current, updated));
  }
  const allocation = deps.services.allocate(kind, updated, old, false);
  try {
    const now = deps.store.get(current.key);
    if (now?.revision !== current.revision) throw new WriteConflict(current.key, now);
    deps.admission.book({ ...request, object: updated });
    return deps.storage.fromStored(await deps.store.update(current.key, updated, current.revision));
  } catch (error) {
    allocation?.release();
    throw error;
  }
}

/** Takes back what this address may not change. Gives the object to go on with; may change `object`. */
function prepare(deps: ResourceDeps, object: KubeObject, old: KubeObject, { subresource }: UpdateRules): KubeObject {
  const { kind } = deps.storage;
  let updated = object;
  if (!subresource) kind.prepareForUpdate?.(updated, old, deps.clock.now());
  else updated = prepareForSubresource(kind, subresource, updated, old, deps.clock.now());
  deps.services.prepareForUpdate(kind, updated, old);
  return updated;
}

/** The fields that only the API server sets stay as they are. */
function carrySystemFields(object: KubeObject, old: KubeObject): void {
  const { metadata } = object;
  const before = old.metadata;
  metadata.uid ||= before.uid ?? '';
  metadata.resourceVersion = before.resourceVersion ?? '';
  if (before.generation === undefined) delete metadata.generation;
  else metadata.generation = before.generation;
  if (before.creationTimestamp !== undefined) metadata.creationTimestamp = before.creationTimestamp;
  if (before.deletionTimestamp === undefined) delete metadata.deletionTimestamp;
  else metadata.deletionTimestamp = before.deletionTimestamp;
  if (metadata.deletionGracePeriodSeconds === undefined && before.deletionGracePeriodSeconds !== undefined) {
    metadata.deletionGracePeriodSeconds = before.deletionGracePeriodSeconds;
  }
  delete metadata.selfLink;
}

function raiseGeneration(kind: KindDefinition, object: KubeObject, old: KubeObject, rules: UpdateRules): void {
  if (kind.hasGeneration === false || old.metadata.generation === undefined || rules.subresource === 'status') return;
  if (specChanged(kind, object, old)) object.metadata.generation = old.metadata.generation + 1;
}

function specChanged(kind: KindDefinition, object: KubeObject, old: KubeObject): boolean {
  if (kind.specChanged) return kind.specChanged(object, old);
  const a = object as unknown as Record<string, unknown>;
  const b = old as unknown as Record<string, unknown>;
  for (const field of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (field === 'metadata' || field === 'status' || field === 'apiVersion' || field === 'kind') continue;
    if (!deepEqual(a[field], b[field])) return true;
  }
  return false;
}

function validate(deps: ResourceDeps, object: KubeObject, old: KubeObject, rules: UpdateRules): void {
  const { kind } = deps.storage;
  // Kubernetes checks the metadata twice, once for every kind and once in the kind's own rules; the message names each
  // problem once, the causes twice.
  const change = validateObjectMetaUpdate(object.metadata, old.metadata, metaRules(kind));
  const errors: FieldError[] = [...change, ...change];
  const { subresource } = rules;
  if (subresource === 'status') errors.push(...(kind.validateStatusUpdate?.(object, old) ?? []));
  else {
    const metadata = validateObjectMeta(object.metadata, metaRules(kind));
    errors.push(...metadata, ...(kind.ratchets ? [] : metadata));
    const whole = kind.ratchets ? [] : (kind.validate?.(object) ?? []);
    // A pod's ephemeral containers and resizes are just what its plain update forbids.
    const changed =
      !subresource || subresource === 'scale'
        ? kind.validateUpdate?.(object, old)
        : kind.validateSubresourceUpdate?.(subresource, object, old);
    if (kind.changesFirst) errors.push(...(changed ?? []), ...whole);
    else errors.push(...whole, ...(changed ?? []));
  }
  if (errors.length > 0) throw invalidObject(kind.group, kind.kind, object.metadata.name ?? '', errors);
}

/**
 * Keeps the old object's parts wherever they are equal, so that revisions share memory and later comparisons are quick.
 * Gives `old` itself when nothing changed.
 */
function shareUnchanged(object: KubeObject, old: KubeObject): KubeObject {
  const out = { ...object } as unknown as Record<string, unknown>;
  const before = old as unknown as Record<string, unknown>;
  const fields = Object.keys(out);
  let same = fields.length === Object.keys(before).length;
  for (const field of fields) {
    if (out[field] === before[field] || deepEqual(out[field], before[field])) out[field] = before[field];
    else same = false;
  }
  return same ? old : (out as unknown as KubeObject);
}
