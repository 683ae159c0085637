/** Which objects' rows are made from which others: who controls it, what is behind a Service, which pods a node has. Pure. */
import type * as api from '#common/schema/generated/types.ts';
import { controllerOf, type KubeObject } from '#common/api/meta.ts';
import { machineKind } from './watchedResources.ts';

export const sliceKey = (namespace = '', name = ''): string => `service ${namespace}/${name}`;
export const podKey = (node: string): string => `pods ${node}`;
export const machineKey = (name: string): string => `machine ${name}`;
export const volumeKey = (name: string): string => `volume ${name}`;

/** Keys under which others find this object. */
export function feeds(kind: string, object: KubeObject): string[] {
  switch (kind) {
    case 'EndpointSlice': {
      const service = object.metadata.labels?.['kubernetes.io/service-name'];
      return service ? [sliceKey(object.metadata.namespace, service)] : [];
    }
    case 'Pod': {
      const { spec, status } = object as api.Pod;
      const hasEnded = status?.phase === 'Succeeded' || status?.phase === 'Failed';
      return spec?.nodeName && !hasEnded ? [podKey(spec.nodeName)] : [];
    }
    case machineKind:
      return [machineKey(object.metadata.name ?? '')];
    case 'PersistentVolume':
      return [volumeKey(object.metadata.name ?? '')];
    default:
      return [];
  }
}

/** Keys under which it finds others; its controller's uid is one. */
export function needs(kind: string, object: KubeObject): string[] {
  const { namespace, name = '' } = object.metadata;
  const controller = controllerOf(object)?.uid;
  const keys = controller === undefined ? [] : [controller];
  switch (kind) {
    case 'Service':
      return [...keys, sliceKey(namespace, name)];
    case 'Node':
      return [...keys, podKey(name), machineKey(name)];
    case 'PersistentVolumeClaim': {
      const volume = (object as api.PersistentVolumeClaim).spec?.volumeName;
      return volume ? [...keys, volumeKey(volume)] : keys;
    }
    default:
      return keys;
  }
}

/** Objects by key; a key is there while an object is under it. */
export class KeyIndex {
  readonly #uids = new Map<string, Set<string>>();

  /** Moves the object from the keys that it had to those that it has; tells those that changed. */
  move(uid: string, before: readonly string[], after: readonly string[]): string[] {
    const left = before.filter((key) => !after.includes(key));
    const come = after.filter((key) => !before.includes(key));
    for (const key of left) {
      const uids = this.#uids.get(key);
      uids?.delete(uid);
      if (uids?.size === 0) this.#uids.delete(key);
    }
    for (const key of come) {
      const uids = this.#uids.get(key);
      if (uids) uids.add(uid);
      else this.#uids.set(key, new Set([uid]));
    }
    return [...left, ...come];
  }

  under(key: string): ReadonlySet<string> {
    return this.#uids.get(key) ?? noUids;
  }
}

const noUids: ReadonlySet<string> = new Set();
