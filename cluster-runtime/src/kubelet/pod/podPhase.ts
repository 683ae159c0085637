/** A pod's phase from its containers. Pure. */
import { isInitialized, type PodContainers } from './planPod.ts';

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

export interface PhaseInput {
  readonly containers: PodContainers;
  /** The pod will run nothing any more: it is done, or was told to end and has. */
  readonly terminal: boolean;
}

export function podPhase({ containers, terminal }: PhaseInput): PodPhase {
  const { main } = containers;
  if (terminal) {
    const succeeded = main.every(({ record }) => record.stage === 'ended' && record.exitCode === 0);
    return succeeded && isInitialized(containers) ? 'Succeeded' : 'Failed';
  }
  if (!isInitialized(containers)) return 'Pending';
  // What has run once counts as stopped while it waits for its restart.
  const waiting = main.filter(
    ({ record }) => record.exitCode === undefined && record.stage !== 'running' && record.stage !== 'stopping',
  );
  return waiting.length > 0 ? 'Pending' : 'Running';
}
