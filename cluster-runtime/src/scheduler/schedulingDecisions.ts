/**
 * The latest decision about each pod, for whoever asks why it is where it is, or nowhere. Kept are the pods that were
 * decided last, those that wait and those that have a node each for themselves, so that neither drive out the others.
 */
import type { Pod } from '#common/schema/generated/types.ts';
import type { Explanation, Objection } from './explanation.ts';

export interface SchedulingDecision {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The pod's. */
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly schedulerName: string;
  /** Milliseconds of the cluster's clock. */
  readonly time: number;
  /** The how many-th time that the pod was tried. */
  readonly attempt: number;
  /** Nodes of the cluster. */
  readonly nodes: number;
  readonly explanation: Explanation;
  /** The node that is being cleared for the pod, and who has to leave it. */
  readonly preemption?: { readonly node: string; readonly victims: readonly string[] };
}

/** What each plugin has against one node as it is now. */
export interface NodeObjections {
  readonly node: string;
  readonly objections: readonly Pick<Objection, 'plugin' | 'reasons'>[];
}

/** Asks every plugin about every node; the scheduler's part. */
export type JudgeAll = (uid: string) => readonly NodeObjections[] | undefined;

export class SchedulingDecisions {
  readonly #limit: number;
  /** By `namespace/name`, in the order of the decisions. */
  readonly #waiting = new Map<string, SchedulingDecision>();
  readonly #placed = new Map<string, SchedulingDecision>();
  #judgeAll: JudgeAll | undefined;

  constructor(limit = 2_000) {
    this.#limit = limit;
  }

  set(decision: SchedulingDecision): void {
    const key = keyText(decision.namespace, decision.name);
    this.#waiting.delete(key);
    this.#placed.delete(key);
    const kept = decision.explanation.node === undefined ? this.#waiting : this.#placed;
    kept.set(key, decision);
    if (kept.size <= this.#limit) return;
    for (const oldest of kept.keys()) {
      kept.delete(oldest);
      return;
    }
  }

  get(namespace: string, name: string): SchedulingDecision | undefined {
    const key = keyText(namespace, name);
    return this.#waiting.get(key) ?? this.#placed.get(key);
  }

  /** By namespace and name; of all namespaces unless one is given. */
  list(namespace?: string): SchedulingDecision[] {
    return [...this.#waiting.values(), ...this.#placed.values()]
      .filter((decision) => namespace === undefined || decision.namespace === namespace)
      .sort((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name));
  }

  /** Forgets what was decided about this pod, not about another of its name. */
  delete({ metadata: { namespace = '', name = '', uid } }: Pod): void {
    const key = keyText(namespace, name);
    for (const kept of [this.#waiting, this.#placed]) if (kept.get(key)?.uid === uid) kept.delete(key);
  }

  /** All objections to all nodes, as of now; undefined for a pod that does not wait. */
  everyObjection(uid: string): readonly NodeObjections[] | undefined {
    return this.#judgeAll?.(uid);
  }

  answerWith(judgeAll: JudgeAll): void {
    this.#judgeAll = judgeAll;
  }
}

const keyText = (namespace: string, name: string): string => `${namespace}/${name}`;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
