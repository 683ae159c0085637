/**
 * Folds the cluster's objects into the rows of the tree. Each change of an object touches only the rows that it gives and
 * those that depend on it; `onRow` names each row that came, changed or went. Objects are kept as they came, never changed.
 */
import type * as api from '#common/schema/generated/types.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { Emitter } from '#common/base/emitter.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import type { TreeRow } from '#common/protocol/webview.ts';
import type { ObjectSink } from '#apiClient/reflector.ts';
import { feeds, KeyIndex, machineKey, needs, podKey, sliceKey, volumeKey } from './dependencies.ts';
import { isSameRow } from './isSameRow.ts';
import { clusterRow } from './rows/clusterRows.ts';
import type { RowSources } from './rows/ownRow.ts';
import { clusterId, definitionId, groupRow } from './rows/places.ts';
import { rowsOfObject } from './rows/rowsOfObject.ts';
import { keyOf, WarningEvents } from './warningEvents.ts';

interface Held {
  /** A kind, or what `genericKey` says of it. */
  readonly kind: string;
  readonly object: KubeObject;
  readonly rows: readonly string[];
}

export class TreeModel implements ObjectSink {
  readonly #clusterName: string;
  readonly #texts: TreeTexts;
  readonly #sources: RowSources;
  readonly #held = new Map<string, Held>();
  readonly #byKind = new Map<string, Set<string>>();
  readonly #feeders = new KeyIndex();
  /** Keys of owners that are not there (yet) are kept too. */
  readonly #dependents = new KeyIndex();
  readonly #warnings = new WarningEvents();
  readonly #rows = new Map<string, TreeRow>();
  readonly #groupSizes = new Map<string, number>();
  readonly #onRow = new Emitter<string>();
  readonly #onDefinition = new Emitter<void>();
  readonly #onLoading = new Emitter<boolean>();
  #isLoading = false;

  readonly onRow = this.#onRow.event;
  /** A custom kind came, changed or went. */
  readonly onDefinition = this.#onDefinition.event;
  readonly onLoading = this.#onLoading.event;

  constructor(clusterName: string, texts: TreeTexts) {
    this.#clusterName = clusterName;
    this.#texts = texts;
    this.#sources = {
      texts,
      isShown: (uid) => (this.#held.get(uid)?.rows.length ?? 0) > 0,
      slicesOf: ({ metadata }) => this.#under(sliceKey(metadata.namespace, metadata.name)) as api.EndpointSlice[],
      podsOn: (node) => this.#feeders.under(podKey(node)).size,
      machine: (node) => this.#under(machineKey(node))[0] as api.Machine | undefined,
      volume: (name) => this.#under(volumeKey(name))[0] as api.PersistentVolume | undefined,
    };
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

  /** Custom kinds: `widgets.example.com`. */
  get definitions(): readonly string[] {
    return this.#objectsOf('CustomResourceDefinition').map(({ metadata }) => metadata.name ?? '');
  }

  /** Whether a definition makes this kind: `widgets.example.com`. */
  isDefined(resource: string): boolean {
    return this.#rows.has(definitionId(resource));
  }

  /** Whether lists are still to come. */
  get isLoading(): boolean {
    return this.#isLoading;
  }

  set isLoading(isLoading: boolean) {
    if (this.#isLoading === isLoading) return;
    this.#isLoading = isLoading;
    this.#onLoading.fire(isLoading);
  }

  replace(kind: string, objects: readonly KubeObject[]): void {
    if (kind === 'Event') {
      for (const about of this.#warnings.replace(objects)) this.#refoldAbout(about);
      return;
    }
    const uids = new Set(objects.map(uidOf));
    for (const uid of [...(this.#byKind.get(kind) ?? [])]) if (!uids.has(uid)) this.#remove(uid);
    for (const object of objects) this.set(kind, object);
    if (kind === 'Node') this.#putCluster();
  }

  set(kind: string, object: KubeObject): void {
    if (kind === 'Event') {
      this.#refoldAbout(this.#warnings.set(object));
      return;
    }
    const uid = uidOf(object);
    const before = this.#held.get(uid);
    this.#held.set(uid, { kind, object, rows: before?.rows ?? [] });
    if (!before) this.#uidsOf(kind).add(uid);
    this.#dependents.move(uid, before ? needs(kind, before.object) : [], needs(kind, object));
    const fed = feeds(kind, object);
    const moved = this.#feeders.move(uid, before ? feeds(kind, before.object) : [], fed);
    this.#refold(uid);
    // A node's count changes only when a pod comes or goes; what else is found by key is drawn in the rows of its finder.
    this.#refoldKeys(kind === 'Pod' ? moved : [...new Set([...moved, ...fed])]);
    if (kind === 'Node') this.#putCluster();
    if (kind === 'CustomResourceDefinition') this.#onDefinition.fire();
  }

  remove(kind: string, object: KubeObject): void {
    if (kind === 'Event') {
      this.#refoldAbout(this.#warnings.remove(object));
      return;
    }
    this.#remove(uidOf(object));
    if (kind === 'Node') this.#putCluster();
    if (kind === 'CustomResourceDefinition') this.#onDefinition.fire();
  }

  /** Forgets everything. */
  clear(): void {
    for (const uid of [...this.#held.keys()]) this.#remove(uid);
    this.#warnings.replace([]);
    this.#drop(clusterId);
  }

  #remove(uid: string): void {
    const held = this.#held.get(uid);
    if (!held) return;
    this.#held.delete(uid);
    this.#byKind.get(held.kind)?.delete(uid);
    this.#dependents.move(uid, needs(held.kind, held.object), []);
    const moved = this.#feeders.move(uid, feeds(held.kind, held.object), []);
    for (const id of held.rows) this.#drop(id);
    this.#refoldKeys([...moved, uid]);
  }

  /** Makes the object's rows anew; when it appears in the tree, what it owns moves below it. */
  #refold(uid: string): void {
    const held = this.#held.get(uid);
    if (!held) return;
    const [own, ...parts] = rowsOfObject(held.kind, held.object, this.#sources);
    const warnings = own && this.#warnings.about(keyOf(held.kind, held.object));
    const rows = own ? [warnings ? { ...own, ...warnings } : own, ...parts] : [];
    const ids = rows.map(({ id }) => id);
    for (const id of held.rows) if (!ids.includes(id)) this.#drop(id);
    for (const row of rows) this.#put(row);
    this.#held.set(uid, { ...held, rows: ids });
    if (held.rows.length > 0 !== ids.length > 0) this.#refoldKeys([uid]);
  }

  #refoldKeys(keys: readonly string[]): void {
    for (const key of keys) for (const dependent of [...this.#dependents.under(key)]) this.#refold(dependent);
  }

  #refoldAbout(about: string | undefined): void {
    if (about === undefined) return;
    if (this.#held.has(about)) this.#refold(about);
    else if (this.#rows.get(about)?.kind === 'Node')
      for (const uid of this.#uidsOf('Node')) if (this.#held.get(uid)?.rows[0] === about) this.#refold(uid);
  }

  #under(key: string): KubeObject[] {
    return [...this.#feeders.under(key)].flatMap((uid) => this.#held.get(uid)?.object ?? []);
  }

  #objectsOf(kind: string): KubeObject[] {
    return [...this.#uidsOf(kind)].flatMap((uid) => this.#held.get(uid)?.object ?? []);
  }

  #uidsOf(kind: string): Set<string> {
    let uids = this.#byKind.get(kind);
    if (!uids) this.#byKind.set(kind, (uids = new Set()));
    return uids;
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
    const size = this.#groupSizes.get(id);
    if (size !== undefined) {
      this.#groupSizes.set(id, size + 1);
      return;
    }
    const row = groupRow(id, this.#texts);
    if (!row) return;
    this.#groupSizes.set(id, 1);
    this.#put(row);
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
