/** Pods for which others were preempted: they have no node yet, but room on one is meant for them. */
import type { Pod } from '#common/schema/generated/types.ts';
import { priorityOf } from './priority.ts';

export class NominatedPods {
  readonly #byNode = new Map<string, Map<string, Pod>>();
  readonly #nodeOf = new Map<string, string>();

  get size(): number {
    return this.#nodeOf.size;
  }

  set(pod: Pod, nodeName: string | undefined): void {
    const uid = pod.metadata.uid ?? '';
    this.remove(uid);
    if (!nodeName) return;
    this.#nodeOf.set(uid, nodeName);
    const pods = this.#byNode.get(nodeName);
    if (pods) pods.set(uid, pod);
    else this.#byNode.set(nodeName, new Map([[uid, pod]]));
  }

  remove(uid: string): void {
    const nodeName = this.#nodeOf.get(uid);
    if (nodeName === undefined) return;
    this.#nodeOf.delete(uid);
    const pods = this.#byNode.get(nodeName);
    if (pods?.delete(uid) && pods.size === 0) this.#byNode.delete(nodeName);
  }

  nodeOf(uid: string): string | undefined {
    return this.#nodeOf.get(uid);
  }

  /** Those on that node that the pod has to leave room for: they are at least as important. */
  before(pod: Pod, nodeName: string): Pod[] {
    if (this.#byNode.size === 0) return [];
    const uid = pod.metadata.uid ?? '';
    return this.#on(nodeName).filter((other) => other.metadata.uid !== uid && priorityOf(other) >= priorityOf(pod));
  }

  /** Those on that node that a more important pod takes it from. */
  lessImportantThan(pod: Pod, nodeName: string): Pod[] {
    return this.#on(nodeName).filter((other) => priorityOf(other) < priorityOf(pod));
  }

  #on(nodeName: string): Pod[] {
    return [...(this.#byNode.get(nodeName)?.values() ?? [])];
  }
}
