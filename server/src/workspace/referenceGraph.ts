/**
 * Who refers to whom in the workspace, both ways: by name, by labels, by key, by port. One object's coming or going touches its
 * own entries only. Namespaces count: what has none is in `default`.
 */
import type { Selector } from '#common/api/labelSelector.ts';
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import type { KindName } from '../facts/liveFacts.ts';
import type { GeneratedObject } from './kustomizations.ts';
import { inScope, LabelIndex } from './labelIndex.ts';
import type { LabelUse } from './labelCounts.ts';
import type { LabelOwner } from './labelOwners.ts';
import type { KeyLink, Link, LinkTarget, NameLink, NamespaceScope, SelectorLink } from './links.ts';
import { targetsOf } from './linkTargets.ts';
import type { ManifestObject } from './manifestObject.ts';
import { SetsByKey } from './setsByKey.ts';
import { generatedTopic, kindTopic, labelsTopic, nameTopic, namingTopic, selectorsTopic, Topics } from './topics.ts';

type Naming = NameLink | KeyLink;

export class ReferenceGraph {
  readonly topics = new Topics();
  readonly #labels = new LabelIndex();
  readonly #byName = new SetsByKey<ManifestObject>();
  readonly #byKind = new Map<string, Set<ManifestObject>>();
  readonly #byFile = new Map<string, readonly ManifestObject[]>();
  /** Topic of a name → the links that say it. */
  readonly #naming = new SetsByKey<Naming>();
  /** What each kustomization makes. */
  readonly #generated = new Map<string, readonly GeneratedObject[]>();

  /** Replaces the objects of a file; those that are in both stay as they are. */
  update(uri: string, before: readonly ManifestObject[], after: readonly ManifestObject[]): void {
    const kept = new Set(after);
    const known = new Set(before);
    const gone = before.filter((object) => !kept.has(object));
    const come = after.filter((object) => !known.has(object));
    // What others were shown of them before, and what they are shown now.
    const was = this.#shownBy(gone);
    for (const object of gone) this.#remove(object);
    for (const object of come) this.#add(object);
    const is = this.#shownBy(come);
    for (const [topic, texts] of was) if (!isSame(texts, is.get(topic))) this.topics.touch(topic, uri);
    for (const topic of is.keys()) if (!was.has(topic)) this.topics.touch(topic, uri);
    if (after.length > 0) this.#byFile.set(uri, after);
    else this.#byFile.delete(uri);
  }

  /** Replaces what a kustomization makes. */
  setGenerated(uri: string, generated: readonly GeneratedObject[]): void {
    const before = this.#generated.get(uri) ?? [];
    if (generated.length > 0) this.#generated.set(uri, generated);
    else this.#generated.delete(uri);
    for (const kind of [...before, ...generated]) this.topics.touch(generatedTopic(kind));
  }

  /** What kustomizations make of this kind. They may put it into any namespace. */
  generatedOf(kind: KindName): readonly GeneratedObject[] {
    this.topics.read(generatedTopic(kind));
    return [...this.#generated.values()].flat().filter((each) => each.kind === kind.kind && each.group === kind.group);
  }

  generatedNamed(kind: KindName, name: string): readonly GeneratedObject[] {
    return this.generatedOf(kind).filter((each) => each.name === name);
  }

  #add(object: ManifestObject): void {
    this.#addNaming(object);
    if (object.role === 'patch') return;
    this.#byName.add(nameTopic(object.gvk, object.namespace, object.name), object);
    for (const kind of [kindTopic(object.gvk), kindTopic(object.gvk, object.namespace)]) {
      const ofKind = this.#byKind.get(kind);
      if (ofKind) ofKind.add(object);
      else this.#byKind.set(kind, new Set([object]));
    }
    for (const owner of object.owners) this.#labels.addOwner(owner);
    for (const link of object.links) if (link.type === 'selector') this.#labels.addSelector(link);
  }

  #addNaming({ links }: ManifestObject): void {
    for (const link of links) {
      if (link.type !== 'name' && link.type !== 'key') continue;
      this.#naming.add(nameTopic(link.to, link.namespace, link.name), link);
    }
  }

  #remove(object: ManifestObject): void {
    for (const link of object.links) {
      if (link.type === 'name' || link.type === 'key') this.#naming.delete(nameTopic(link.to, link.namespace, link.name), link);
    }
    if (object.role === 'patch') return;
    this.#byName.delete(nameTopic(object.gvk, object.namespace, object.name), object);
    for (const kind of [kindTopic(object.gvk), kindTopic(object.gvk, object.namespace)]) {
      const ofKind = this.#byKind.get(kind);
      if (ofKind?.delete(object) && ofKind.size === 0) this.#byKind.delete(kind);
    }
    for (const owner of object.owners) this.#labels.deleteOwner(owner);
    for (const link of object.links) if (link.type === 'selector') this.#labels.deleteSelector(link);
  }

  /**
   * What of the objects is in the answers of each topic that somebody has asked about; an edit that leaves that as it was
   * touches nobody.
   */
  #shownBy(objects: readonly ManifestObject[]): Map<string, string[]> {
    const shown = new Map<string, string[]>();
    const show = (topic: string, text: () => string): void => {
      if (!this.topics.isAsked(topic)) return;
      const texts = shown.get(topic);
      if (texts) texts.push(text());
      else shown.set(topic, [text()]);
    };
    for (const { gvk, namespace, name, role, content, owners, links } of objects) {
      const self = `${namespace}/${name}`;
      for (const link of links) {
        if (link.type === 'name' || link.type === 'key')
          show(
            namingTopic(link.to, link.namespace, link.name),
            () => `${self} ${link.path} ${link.type === 'key' ? link.key : ''}`,
          );
        else if (link.type === 'selector' && role !== 'patch')
          show(selectorsTopic(link.to), () => `${self} ${link.path} ${link.selector.text} ${JSON.stringify(link.scope)}`);
      }
      if (role === 'patch') continue;
      show(nameTopic(gvk, namespace, name), () => content.text);
      show(kindTopic(gvk), () => self);
      show(kindTopic(gvk, namespace), () => self);
      for (const { kind, labels, metadataPath } of owners) {
        show(labelsTopic(kind), () => `${self} ${metadataPath} ${JSON.stringify(labels)}`);
      }
    }
    return shown;
  }

  /** Nothing is known any more, and nothing is left of what was. */
  get isEmpty(): boolean {
    const maps = [this.#byKind, this.#byFile, this.#generated];
    return maps.every(({ size }) => size === 0) && [this.#byName, this.#naming, this.#labels].every(({ isEmpty }) => isEmpty);
  }

  objectsIn(uri: string): readonly ManifestObject[] {
    return this.#byFile.get(uri) ?? [];
  }

  /** The object that a document of the index is. */
  objectOf(document: { readonly uri: string; readonly index: number }): ManifestObject | undefined {
    const objects = this.objectsIn(document.uri);
    // Mostly every document is an object, so that it stands where its number says.
    const likely = objects[document.index];
    if (likely?.document.index === document.index) return likely;
    return objects.find((object) => object.document.index === document.index);
  }

  /** Usually one; more when several files have it. `namespace` is empty for what is cluster-scoped. */
  objectsNamed(kind: KindName, namespace: string, name: string): readonly ManifestObject[] {
    const topic = nameTopic(kind, namespace, name);
    this.topics.read(topic);
    return [...this.#byName.get(topic)];
  }

  objectsOf(kind: KindName, namespace?: string): readonly ManifestObject[] {
    const topic = kindTopic(kind, namespace);
    this.topics.read(topic);
    return [...(this.#byKind.get(topic) ?? [])];
  }

  /** The link at an offset of a file: a name, a key, a port, or the selector around it. */
  linkAt(file: SourceFile, offset: number): Link | undefined {
    let found: Link | undefined;
    for (const object of this.objectsIn(file.uri)) {
      if (offset < object.document.start || offset > object.document.end) continue;
      for (const link of object.links) {
        const { start, end } = link.range;
        if (offset < start || offset > end) continue;
        if (!found || end - start < found.range.end - found.range.start) found = link;
      }
    }
    return found;
  }

  /** Where a link leads in the workspace; nowhere when nothing has the name, matches, or is called so. */
  targetsOf(link: Link): readonly LinkTarget[] {
    return targetsOf(this, link);
  }

  /** The links of others (and its own) that name the object or a key of it. */
  linksNaming(kind: KindName, namespace: string, name: string): readonly Naming[] {
    this.topics.read(namingTopic(kind, namespace, name));
    return [...this.#naming.get(nameTopic(kind, namespace, name))];
  }

  /** All that leads to an object: names, keys, and selectors that match it or its pods. */
  linksTo(object: ManifestObject): readonly (Naming | SelectorLink)[] {
    const selectors = object.owners.flatMap((owner) => this.selectorsOf(owner));
    return [...this.linksNaming(object.gvk, object.namespace, object.name), ...selectors];
  }

  /** What a selector matches, in the namespaces that it looks into. */
  matched(link: Pick<SelectorLink, 'to' | 'selector' | 'scope'>): readonly LabelOwner[] {
    return this.ownersMatching(link.to, link.scope, link.selector);
  }

  ownersMatching(kind: KindName, scope: NamespaceScope, selector: Selector): readonly LabelOwner[] {
    this.topics.read(labelsTopic(kind));
    const found = [];
    for (const owner of this.#labels.matching(kind, selector)) if (this.#isIn(scope, owner.object.namespace)) found.push(owner);
    return found;
  }

  /** The selectors that match these labels there. */
  selectorsOf(owner: LabelOwner): readonly SelectorLink[] {
    this.topics.read(selectorsTopic(owner.kind));
    const found = [];
    for (const link of this.#labels.selecting(owner)) if (this.#isIn(link.scope, owner.object.namespace)) found.push(link);
    return found;
  }

  /** All that carries labels and is of this kind (pods: templates too). */
  ownersOf(kind: KindName): Iterable<LabelOwner> {
    this.topics.read(labelsTopic(kind));
    return this.#labels.ownersOf(kind);
  }

  ownersWithLabel(kind: KindName, key: string, value: string): readonly LabelOwner[] {
    this.topics.read(labelsTopic(kind));
    return [...this.#labels.withLabel(kind, key, value)];
  }

  selectorsMentioning(kind: KindName, key: string, value: string): readonly SelectorLink[] {
    this.topics.read(selectorsTopic(kind));
    return [...this.#labels.mentioning(kind, key, value)];
  }

  /** The labels that objects of a kind (pods: templates too) have in a namespace, with how many have each. */
  labelsUsed(kind: KindName, namespace: string): LabelUse {
    this.topics.read(labelsTopic(kind));
    return this.#labels.used.of(kind, namespace);
  }

  /** The labels that selectors ask of them there. */
  labelsAsked(kind: KindName, namespace: string): LabelUse {
    this.topics.read(selectorsTopic(kind));
    return this.#labels.asked.of(kind, namespace);
  }

  #isIn(scope: NamespaceScope, namespace: string): boolean {
    return inScope(scope, namespace, (name) => this.#labelsOfNamespace(name));
  }

  #labelsOfNamespace(name: string): Record<string, string> {
    const [namespace] = this.objectsNamed({ group: '', kind: 'Namespace' }, '', name);
    // Every namespace carries its name as a label.
    return { ...namespace?.labels, 'kubernetes.io/metadata.name': name };
  }
}

const isSame = (a: readonly string[], b: readonly string[] | undefined): boolean =>
  a.length === b?.length && a.every((text, i) => text === b[i]);
