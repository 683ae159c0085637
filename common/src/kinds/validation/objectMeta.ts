/**
 * The rules for metadata, the same for every kind: names, labels, annotations, owners, finalizers, and what an update may
 * not change. Cheap while nothing is wrong: paths are built for errors only. What the registry decides by itself
 * (resourceVersion, uid preconditions, carrying over the deletion fields) is not here.
 */
import { type FieldError, forbidden, invalid, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { parseApiVersion } from '#common/api/groupVersion.ts';
import type { ObjectMeta, OwnerReference } from '#common/api/meta.ts';
import { annotationErrors, labelErrors, largestAnnotations } from '#common/api/labelErrors.ts';
import { dns1123LabelErrors, labelValueErrors, qualifiedNameErrors } from '#common/api/names.ts';
import { remembered } from './remembered.ts';
import { problemsAt } from './values.ts';

export interface ObjectMetaRules {
  namespaced: boolean;
  /** Problems of a name; `prefix` says that it is a generateName. */
  validateName(name: string, prefix: boolean): string[];
  /** Where the metadata is; `metadata` unless said. */
  path?: FieldPath;
  /** Finalizers without a domain must be Kubernetes' own. True unless said; not for CustomResourceDefinitions and custom objects. */
  qualifiedFinalizers?: boolean;
}

const metadataPath = FieldPath.of('metadata');
const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** Problems of a new object's metadata, or of metadata inside a template, in Kubernetes' order. */
export function validateObjectMeta(meta: ObjectMeta, rules: ObjectMetaRules): FieldError[] {
  const errors: FieldError[] = [];
  const path = rules.path ?? metadataPath;
  if (meta.generateName) {
    for (const problem of rules.validateName(meta.generateName, true)) {
      errors.push(invalid(path.child('generateName'), meta.generateName, problem));
    }
  }
  if (meta.name) {
    for (const problem of rules.validateName(meta.name, false)) errors.push(invalid(path.child('name'), meta.name, problem));
  } else {
    errors.push(required(path.child('name'), 'name or generateName is required'));
  }
  if (!rules.namespaced) {
    if (meta.namespace) errors.push(forbidden(path.child('namespace'), 'not allowed on this type'));
  } else if (!meta.namespace) {
    errors.push(required(path.child('namespace')));
  } else if (!isNamespaceName(meta.namespace)) {
    errors.push(...problemsAt(path.child('namespace'), meta.namespace, dns1123LabelErrors(meta.namespace)));
  }
  if (meta.generation !== undefined && meta.generation < 0) {
    errors.push(invalid(path.child('generation'), meta.generation, 'must be greater than or equal to 0'));
  }
  checkLabelsAndOwners(meta, path, errors);
  checkFinalizers(meta.finalizers, path, errors);
  if (rules.qualifiedFinalizers !== false) checkQualifiedFinalizers(meta.finalizers, path, errors);
  return errors;
}

/** Problems of changing `old` metadata into `meta`, in Kubernetes' order. */
export function validateObjectMetaUpdate(
  meta: ObjectMeta,
  old: ObjectMeta,
  rules: Pick<ObjectMetaRules, 'path' | 'qualifiedFinalizers'> = {},
): FieldError[] {
  const errors: FieldError[] = [];
  const path = rules.path ?? metadataPath;
  if (old.deletionTimestamp) {
    const added = [...new Set(meta.finalizers)].filter((finalizer) => !old.finalizers?.includes(finalizer)).sort();
    if (added.length) {
      const quoted = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
      const text = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${quoted}}`;
      errors.push(forbidden(path.child('finalizers'), text));
    }
  }
  if ((meta.generation ?? 0) < (old.generation ?? 0)) {
    errors.push(invalid(path.child('generation'), meta.generation ?? 0, 'must not be decremented'));
  }
  for (const field of immutableFields) {
    if (meta[field] !== old[field]) errors.push(invalid(path.child(field), meta[field], 'field is immutable'));
  }
  checkLabelsAndOwners(meta, path, errors);
  if (rules.qualifiedFinalizers !== false) checkQualifiedFinalizers(meta.finalizers, path, errors);
  return errors;
}

const immutableFields = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const;

function checkLabelsAndOwners(meta: ObjectMeta, path: FieldPath, errors: FieldError[]): void {
  if (meta.labels && !areLabels(meta.labels)) errors.push(...labelErrors(path.child('labels'), meta.labels));
  if (meta.annotations && !areSmallAnnotations(meta.annotations)) {
    errors.push(...annotationErrors(path.child('annotations'), meta.annotations));
  }
  if (meta.ownerReferences?.length) checkOwners(meta.ownerReferences, path, errors);
}

const isQualifiedName = remembered(qualifiedNameErrors);
const isLabelValue = remembered(labelValueErrors);
const isNamespaceName = remembered((name) => dns1123LabelErrors(name));

function areLabels(labels: Readonly<Record<string, string>>): boolean {
  for (const key in labels) if (!isQualifiedName(key) || !isLabelValue(labels[key] ?? '')) return false;
  return true;
}

/** Certainly small: a character has at most three bytes in UTF-8, counted by UTF-16 units. */
function areSmallAnnotations(annotations: Readonly<Record<string, string>>): boolean {
  let characters = 0;
  for (const key in annotations) {
    if (!isQualifiedName(key.toLowerCase())) return false;
    characters += key.length + (annotations[key]?.length ?? 0);
  }
  return characters * 3 <= largestAnnotations;
}

function checkOwners(owners: readonly OwnerReference[], path: FieldPath, errors: FieldError[]): void {
  let controller: OwnerReference | undefined;
  for (const owner of owners) checkOwner(owner, path.child('ownerReferences'), errors);
  for (const owner of owners) {
    if (owner.controller !== true) continue;
    if (controller) {
      const pair = `${controller.kind}/${controller.name} and ${owner.kind}/${owner.name}`;
      const text = `Only one reference can have Controller set to true. Found "true" in references for ${pair}`;
      errors.push(invalid(path.child('ownerReferences'), owners, text));
    }
    controller = owner;
  }
}

function checkOwner(owner: OwnerReference, path: FieldPath, errors: FieldError[]): void {
  const apiVersion = owner.apiVersion ?? '';
  const wellFormed = apiVersion.split('/').length <= 2;
  const { group, version } = wellFormed ? parseApiVersion(apiVersion) : { group: '', version: '' };
  if (!version) errors.push(invalid(path.child('apiVersion'), apiVersion, 'version must not be empty'));
  for (const field of ['kind', 'name', 'uid'] as const) {
    if (!owner[field]) errors.push(invalid(path.child(field), owner[field] ?? '', 'must not be empty'));
  }
  if (group === '' && version === 'v1' && owner.kind === 'Event') {
    errors.push(invalid(path, owner, '/v1, Kind=Event is disallowed from being an owner'));
  }
}

function checkFinalizers(finalizers: readonly string[] | undefined, path: FieldPath, errors: FieldError[]): void {
  if (!finalizers?.length) return;
  const at = path.child('finalizers');
  for (const finalizer of finalizers) {
    if (!isQualifiedName(finalizer)) errors.push(...problemsAt(at, finalizer, qualifiedNameErrors(finalizer)));
  }
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.push(invalid(at, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'));
  }
}

function checkQualifiedFinalizers(finalizers: readonly string[] | undefined, path: FieldPath, errors: FieldError[]): void {
  finalizers?.forEach((finalizer, i) => {
    if (finalizer.includes('/') || standardFinalizers.has(finalizer)) return;
    const text = 'name is neither a standard finalizer name nor is it fully qualified';
    errors.push(invalid(path.child('finalizers').index(i), finalizer, text));
  });
}
