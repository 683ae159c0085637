/** Where the cursor is, in the terms of actions: on which object, in which of its containers. */
import type { ManifestDocument } from '#common/manifests/manifestDocument.ts';
import type { MapNode, TextRange } from '#common/manifests/nodes.ts';
import { documentAt, type SourceFile } from '#common/manifests/sourceFile.ts';
import type { Snapshot } from '../../snapshot.ts';
import { podSpecOf } from '../../workspace/linkTargets.ts';
import type { ManifestObject } from '../../workspace/manifestObject.ts';

export interface ObjectPlace {
  readonly object: ManifestObject;
  readonly document: ManifestDocument;
  /** The steps to what is under the cursor. */
  readonly path: readonly (string | number)[];
}

/** Undefined where nothing should be offered: in broken YAML, templates and patches. */
export function objectPlace({ graph }: Pick<Snapshot, 'graph'>, file: SourceFile, { start }: TextRange): ObjectPlace | undefined {
  const document = file.kind === 'manifests' ? documentAt(file, start) : undefined;
  const object = document && graph.objectOf(document);
  if (!document || !object || object.role === 'patch' || document.content.broken || document.content.templated) return undefined;
  // Behind a name's colon one still means the name.
  const node = document.nodeAt(file.text[start - 1] === ':' ? start - 1 : start)?.node;
  return { object, document, path: node ? document.pathOf(node) : [] };
}

/** On what says which object it is. */
export const isOnHead = ({ path }: ObjectPlace): boolean =>
  path[0] === 'kind' || path[0] === 'apiVersion' || (path[0] === 'metadata' && (path.length === 1 || path[1] === 'name'));

export interface ContainerPlace extends ObjectPlace {
  readonly container: MapNode;
  /** `spec.template.spec.containers[0]`. */
  readonly containerPath: string;
  readonly podSpec: string;
  /** The steps from the container to what is under the cursor. */
  readonly inside: readonly (string | number)[];
}

/** A container that runs on (no init container), around the cursor. */
export function containerPlace(place: ObjectPlace | undefined): ContainerPlace | undefined {
  const podSpec = place && podSpecOf(place.object);
  if (!place || podSpec === undefined) return undefined;
  const steps = podSpec.split('.');
  const [list, index] = place.path.slice(steps.length);
  if (!steps.every((step, i) => place.path[i] === step) || list !== 'containers' || typeof index !== 'number') return undefined;
  const containerPath = `${podSpec}.containers[${index}]`;
  const container = place.document.nodeFor(containerPath);
  if (container?.kind !== 'map' || container.alias) return undefined;
  return { ...place, container, containerPath, podSpec, inside: place.path.slice(steps.length + 2) };
}
