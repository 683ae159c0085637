/**
 * Folds the cluster's objects into the rows of the tree. Each change of an object touches only the rows that it gives and
 * those that depend on it; `onRow` names each row that came, changed or went. Objects are kept as they came, never changed.
 */
import type * as api from '#common/schema/generated/types.ts';
import { controllerOf, type KubeObject } from '#common/api/meta.ts';
import { Emitter } from '#common/base/emitter.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import type { TreeRow } from '#common/protocol/webview.ts';
import type { ObjectSink } from '#apiClient/reflector.ts';
import { clusterId, clusterRow, groupRow, isGroupId, rowsOfObject, type RowSources } from './treeRows.ts';

interface Held {
  readonly kind: string;
  readonly object: KubeObject;
  readonly rows: readonly string[];
}

export class TreeModel implements ObjectSink {
  readonly #clusterName: string;
  readonly #texts: TreeTexts;
  readonly #held = new Map<string, Held>();
  readonly #byKind = new Map<string, Set<string>>();
  /** Owner → what it controls; Service → its EndpointSlices. Keys of owners that are not there (yet) are kept too. */
  readonly #dependents = new Map<string, Set<string>>();
  /** The uid of the Service of that name. */
  readonly #services = new Map<string, string>();
  readonly #rows = new Map<string, TreeRow>();
  readonly #groupSizes = new Map<string, number>();
  readonly #onRow = new Emitter<string>();

  readonly onRow = this.#onRow.event;

  constructor(clusterName: string, texts: TreeTexts) {
    this.#clusterName = clusterName;
    this.#texts = texts;
  }

  row(id: string): TreeRow | undefined {
    return this.#rows.get(id);
  }

  rows(): Iterable<TreeRow> {
    return this.#rows.values();
  }

  get nodes(): readonly api.Node[] {
    return this.#objectsOf('Node') as api.Node[];
  }

  replace(kind: string, objects: readonly KubeObject[]): void {
    const uids = new Set(objects.map(uidOf));
    for (const uid of [...(this.#byKind.get(kind) ?? [])]) if (!uids.has(uid)) this.#remove(uid);
    for (const object of objects) this.set(kind, object);
    if (kind === 'Node') this.#putCluster();
  }

  set(kind: string, object: KubeObject): void {
    const uid = uidOf(object);
    const before = this.#held.get(uid);
    this.#held.set(uid, { kind, object, rows: before?.rows ?? [] });
    if (!before) {
      entry(this.#byKind, kind).add(uid);
      if (kind === 'Service') this.#services.set(sliceKey(object.metadata.namespace, object.metadata.name), uid);
      for (const key of dependsOn(kind, object)) entry(this.#dependents, key).add(uid);
    } else if (controllerOf(before.object)?.uid !== controllerOf(object)?.uid) {
      for (const key of dependsOn(kind, before.object)) this.#dependents.get(key)?.delete(uid);
      for (const key of dependsOn(kind, object)) entry(this.#dependents, key).add(uid);
    }
    this.#refold(uid);
    if (kind === 'EndpointSlice') this.#refoldServiceOf(object);
    if (kind === 'Node') this.#putCluster();
  }

  remove(kind: string, object: KubeObject): void {
    this.#remove(uidOf(object));
    if (kind === 'Node') this.#putCluster();
  }

  /** Forgets everything. */
  clear(): void {
    for (const uid of [...this.#held.keys()]) this.#remove(uid);
    this.#drop(clusterId);
    this.#dependents.clear();
  }

  #remove(uid: string): void {
    const held = this.#held.get(uid);
    if (!held) return;
    this.#held.delete(uid);
    this.#byKind.get(held.kind)?.delete(uid);
    for (const key of dependsOn(held.kind, held.object)) {
      const dependents = this.#dependents.get(key);
      dependents?.delete(uid);
      if (dependents?.size === 0) this.#dependents.delete(key);
    }
    for (const id of held.rows) this.#drop(id);
    const serviceKey = sliceKey(held.object.metadata.namespace, held.object.metadata.name);
    if (this.#services.get(serviceKey) === uid) this.#services.delete(serviceKey);
    if (held.kind === 'EndpointSlice') this.#refoldServiceOf(held.object);
    else this.#refoldDependents(uid);
  }

  /** Makes the object's rows anew; when it appears in the tree, what it owns moves below it. */
  #refold(uid: string): void {
    const held = this.#held.get(uid);
    if (!held) return;
    const wasShown = this.#rows.has(uid);
    const rows = rowsOfObject(held.kind, held.object, this.#sources, this.#texts);
    const ids = rows.map(({ id }) => id);
    for (const id of held.rows) if (!ids.includes(id)) this.#drop(id);
    for (const row of rows) this.#put(row);
    this.#held.set(uid, { ...held, rows: ids });
    if (this.#rows.has(uid) !== wasShown) this.#refoldDependents(uid);
  }

  #refoldDependents(uid: string): void {
    for (const dependent of [...(this.#dependents.get(uid) ?? [])]) this.#refold(dependent);
  }

  #refoldServiceOf(slice: KubeObject): void {
    for (const key of dependsOn('EndpointSlice', slice)) {
      const service = this.#services.get(key);
      if (service !== undefined) this.#refold(service);
    }
  }

  readonly #sources: RowSources = {
    isShown: (uid) => this.#rows.has(uid),
    slicesOf: (service) =>
      [...(this.#dependents.get(sliceKey(service.metadata.namespace, service.metadata.name)) ?? [])].flatMap((uid) => {
        const held = this.#held.get(uid);
        return held ? [held.object as api.EndpointSlice] : [];
      }),
  };

  #objectsOf(kind: string): KubeObject[] {
    return [...(this.#byKind.get(kind) ?? [])].flatMap((uid) => this.#held.get(uid)?.object ?? []);
  }

  #putCluster(): void {
    this.#put(clusterRow(this.#clusterName, this.nodes));
  }

  #put(row: TreeRow): void {
    const before = this.#rows.get(row.id);
    if (before && isSameRow(before, row)) return;
    this.#rows.set(row.id, row);
    if (before?.parent !== row.parent) {
      this.#enterGroup(row.parent);
      if (before) this.#leaveGroup(before.parent);
    }
    this.#onRow.fire(row.id);
  }

  #drop(id: string): void {
    const row = this.#rows.get(id);
    if (!row) return;
    this.#rows.delete(id);
    this.#leaveGroup(row.parent);
    this.#onRow.fire(id);
  }

  /** Groups are there while something is in them. */
  #enterGroup(id: string): void {
    if (!isGroupId(id)) return;
    const size = this.#groupSizes.get(id) ?? 0;
    this.#groupSizes.set(id, size + 1);
    if (size === 0) this.#put(groupRow(id, this.#texts));
  }

  #leaveGroup(id: string): void {
    const size = this.#groupSizes.get(id);
    if (size === undefined) return;
    if (size > 1) this.#groupSizes.set(id, size - 1);
    else {
      this.#groupSizes.delete(id);
      this.#drop(id);
    }
  }
}

const uidOf = (object: KubeObject): string => object.metadata.uid ?? '';

const sliceKey = (namespace = '', name = ''): string => `service ${namespace}/${name}`;

function dependsOn(kind: string, object: KubeObject): string[] {
  if (kind === 'EndpointSlice') {
    const service = object.metadata.labels?.['kubernetes.io/service-name'];
    return service ? [sliceKey(object.metadata.namespace, service)] : [];
  }
  const owner = controllerOf(object);
  return owner ? [owner.uid] : [];
}

function entry(map: Map<string, Set<string>>, key: string): Set<string> {
  let set = map.get(key);
  if (!set) map.set(key, (set = new Set()));
  return set;
}

const fields = ['parent', 'name', 'order', 'state', 'ready', 'restarts', 'since', 'detail', 'why'] as const;

/** The rest of a row follows from its id. */
const isSameRow = (a: TreeRow, b: TreeRow): boolean => fields.every((field) => a[field] === b[field]);
