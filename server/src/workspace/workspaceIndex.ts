/**
 * All manifests of the workspace. What is open in the editor counts before what is on disk. One file's change costs what that
 * file and its links cost.
 */
import { Emitter } from '#common/base/emitter.ts';
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import type { Labels } from '#common/api/labelSelector.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { DocumentContent, ManifestDocument } from '#common/manifests/manifestDocument.ts';
import { childOf, type ManifestNode, type TextRange } from '#common/manifests/nodes.ts';
import { parseSourceFile, type SourceFile } from '#common/manifests/sourceFile.ts';
import type { KindRegistry } from '../schema/kindRegistry.ts';
import { extractLinks } from './extractLinks.ts';
import { type KustomizationReading, readKustomization } from './kustomizations.ts';
import { labelOwnersOf, labelsOf } from './labelOwners.ts';
import type { Link } from './links.ts';
import type { LabelOwner } from './labelOwners.ts';
import type { ManifestObject, ObjectRole } from './manifestObject.ts';
import { ReferenceGraph } from './referenceGraph.ts';

interface Entry {
  file: SourceFile;
  open: boolean;
  /** The text on disk, as far as it was read. */
  onDisk: string | undefined;
  objects: readonly IndexedObject[];
  /** Of an open file: its trees, so that they stay in memory. */
  trees: readonly unknown[];
}

export interface IndexChange {
  readonly uri: string;
  /** Undefined when the file is gone. */
  readonly file: SourceFile | undefined;
  /** Kinds came, went or changed: what is known of other files may be other too. */
  readonly kindsChanged: boolean;
}

const nothing: readonly never[] = [];

export class WorkspaceIndex {
  readonly graph = new ReferenceGraph();
  readonly kinds: KindRegistry;
  readonly #entries = new Map<string, Entry>();
  /** What each kustomization says. */
  readonly #kustomizations = new Map<string, KustomizationReading>();
  /** By how many kustomizations a file is listed as a patch. */
  readonly #patches = new Map<string, number>();
  readonly #changed = new Emitter<IndexChange>();
  readonly onChange = this.#changed.event;
  #roles = 0;
  /** Goes up with every change. */
  revision = 0;

  constructor(kinds: KindRegistry) {
    this.kinds = kinds;
  }

  /** Goes up when what rules found in files that did not change may be found no more, or something else. */
  get othersRevision(): number {
    return this.graph.topics.othersRevision + this.kinds.revision + this.#roles;
  }

  get(uri: string): SourceFile | undefined {
    return this.#entries.get(uri)?.file;
  }

  isOpen(uri: string): boolean {
    return this.#entries.get(uri)?.open === true;
  }

  files(): SourceFile[] {
    return [...this.#entries.values()].map(({ file }) => file);
  }

  /** Whether the file's objects are whole, or parts that a kustomization lays over others. */
  roleOf(uri: string): ObjectRole {
    return this.#patches.has(uri) ? 'patch' : 'object';
  }

  /** The object's present self, after edits of its file; undefined when it is gone. */
  current(object: ManifestObject): ManifestObject | undefined {
    const objects = this.graph.objectsIn(object.uri);
    return objects.includes(object) ? object : objects.find((each) => each.document.index === object.document.index);
  }

  /** A text in the editor, new or changed. */
  setOpen(uri: string, text: string, version: number): SourceFile {
    return this.#set(uri, text, version, true, this.#entries.get(uri)?.onDisk);
  }

  /** The editor closed it; what is on disk counts again. */
  close(uri: string): void {
    const entry = this.#entries.get(uri);
    if (!entry) return;
    if (entry.onDisk === undefined) this.#drop(uri, entry);
    else this.#set(uri, entry.onDisk, undefined, false, entry.onDisk);
  }

  setOnDisk(uri: string, text: string): void {
    const entry = this.#entries.get(uri);
    if (entry?.open) entry.onDisk = text;
    else this.#set(uri, text, undefined, false, text);
  }

  removeFromDisk(uri: string): void {
    const entry = this.#entries.get(uri);
    if (!entry) return;
    entry.onDisk = undefined;
    if (!entry.open) this.#drop(uri, entry);
  }

  #set(uri: string, text: string, version: number | undefined, open: boolean, onDisk: string | undefined): SourceFile {
    const before = this.#entries.get(uri);
    const file = parseSourceFile(uri, text, version, before?.file);
    this.#replace(uri, before, {
      file,
      open,
      onDisk,
      objects: [],
      trees: open ? file.documents.map(({ content }) => content.root) : nothing,
    });
    return file;
  }

  #drop(uri: string, entry: Entry): void {
    this.#entries.delete(uri);
    this.graph.update(uri, entry.objects, []);
    this.#noteKustomization(uri, undefined);
    const kindsChanged = this.kinds.define(uri, []);
    if (kindsChanged) this.#refreshCustom();
    this.#announce({ uri, file: undefined, kindsChanged });
  }

  #replace(uri: string, before: Entry | undefined, entry: Entry): void {
    this.#entries.set(uri, entry);
    const kindsChanged = this.#noteDefinitions(uri, before?.file, entry.file);
    entry.objects = this.#objectsOf(entry.file, before?.objects ?? []);
    this.graph.update(uri, before?.objects ?? [], entry.objects);
    if (before?.file.kind === 'kustomization' || entry.file.kind === 'kustomization') this.#noteKustomization(uri, entry.file);
    if (kindsChanged) this.#refreshCustom();
    this.#announce({ uri, file: entry.file, kindsChanged });
  }

  #noteKustomization(uri: string, file: SourceFile | undefined): void {
    const before = this.#kustomizations.get(uri);
    if (!before && file?.kind !== 'kustomization') return;
    const now = readKustomization(file);
    if (file?.kind === 'kustomization') this.#kustomizations.set(uri, now);
    else this.#kustomizations.delete(uri);
    this.graph.setGenerated(uri, now.generated);
    for (const patch of before?.patches ?? []) this.#countPatch(patch, -1);
    for (const patch of now.patches) this.#countPatch(patch, 1);
    for (const patch of new Set([...(before?.patches ?? []), ...now.patches])) this.#refreshRole(patch);
  }

  #countPatch(uri: string, by: number): void {
    const count = (this.#patches.get(uri) ?? 0) + by;
    if (count > 0) this.#patches.set(uri, count);
    else this.#patches.delete(uri);
  }

  #refreshRole(uri: string): void {
    const entry = this.#entries.get(uri);
    const role = this.roleOf(uri);
    if (!entry || entry.objects.every((object) => object.role === role)) return;
    this.#roles++;
    const before = entry.objects;
    entry.objects = this.#objectsOf(entry.file, []);
    this.graph.update(uri, before, entry.objects);
  }

  #announce(change: IndexChange): void {
    this.revision++;
    this.#changed.fire(change);
  }

  #noteDefinitions(uri: string, before: SourceFile | undefined, after: SourceFile): boolean {
    const [old, now] = [before, after].map((file) => (file?.documents ?? []).filter(isDefinition)) as [
      ManifestDocument[],
      ManifestDocument[],
    ];
    if (old.length === now.length && now.every(({ content }, i) => content === old[i]?.content)) return false;
    return this.kinds.define(
      uri,
      now.map(({ value }) => value),
    );
  }

  /** Objects of custom kinds, made again because what is known of their kinds has changed. */
  #refreshCustom(): void {
    for (const [uri, entry] of this.#entries) {
      if (!entry.objects.some((object) => object.definition !== this.kinds.find(object.gvk)?.definition)) continue;
      const before = entry.objects;
      const fit = before.filter((object) => object.definition === this.kinds.find(object.gvk)?.definition);
      entry.objects = this.#objectsOf(entry.file, fit);
      this.graph.update(uri, before, entry.objects);
    }
  }

  #objectsOf(file: SourceFile, before: readonly IndexedObject[]): IndexedObject[] {
    const free = new Map<unknown, IndexedObject[]>();
    for (const object of before) free.set(object.content, [...(free.get(object.content) ?? []), object]);
    const objects = file.documents.flatMap((document) => {
      const known = free.get(document.content)?.shift();
      if (!known) return makeObject(document, this.kinds, this.roleOf(document.uri)) ?? [];
      known.document = document;
      return known;
    });
    // A copy has no room to grow.
    return objects.slice();
  }
}

const isDefinition = ({ kind, apiVersion }: ManifestDocument): boolean =>
  kind === 'CustomResourceDefinition' && apiVersion !== undefined && apiVersion.startsWith('apiextensions.k8s.io/');

function makeObject(document: ManifestDocument, kinds: KindRegistry, role: ObjectRole): IndexedObject | undefined {
  const { gvk, name, content } = document;
  const root = content.root;
  if (!gvk || name === undefined || name === '' || !root) return undefined;
  return new IndexedObject(document, gvk, name, root, role, kinds);
}

class IndexedObject implements ManifestObject {
  document: ManifestDocument;
  readonly uri: string;
  readonly content: DocumentContent;
  readonly gvk: GroupVersionKind;
  readonly definition: KindDefinition | undefined;
  readonly name: string;
  readonly namespace: string;
  readonly role: ObjectRole;
  readonly labels: Labels;
  readonly owners: readonly LabelOwner[];
  readonly links: readonly Link[];

  constructor(
    document: ManifestDocument,
    gvk: GroupVersionKind,
    name: string,
    root: ManifestNode,
    role: ObjectRole,
    kinds: KindRegistry,
  ) {
    const definition = kinds.find(gvk)?.definition;
    this.uri = document.uri;
    this.document = document;
    this.content = document.content;
    this.gvk = gvk;
    this.definition = definition;
    this.name = name;
    this.namespace = (definition?.namespaced ?? kinds.isNamespaced(gvk)) ? (document.namespace ?? 'default') : '';
    this.role = role;
    this.labels = labelsOf(childOf(root, 'metadata'));
    this.owners = labelOwnersOf(this, gvk, root);
    this.links = extractLinks(this, root, kinds);
  }

  rangeFor(path: string): TextRange {
    return this.document.rangeFor(path);
  }
}
