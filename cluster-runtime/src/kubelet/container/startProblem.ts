/** Why a container cannot start now, in the words of its `waiting` state, and when it is worth trying again. */
export interface ProblemEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** An object whose arrival may solve the problem. */
export interface MissingObject {
  readonly kind: 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim' | 'PersistentVolume' | 'VolumeAttachment' | 'Image';
  readonly namespace: string;
  readonly name: string;
}

export class StartProblem extends Error {
  readonly reason: string;
  readonly missing: MissingObject | undefined;
  readonly events: readonly ProblemEvent[];

  constructor(reason: string, message: string, options: { missing?: MissingObject; events?: readonly ProblemEvent[] } = {}) {
    super(message);
    this.reason = reason;
    this.missing = options.missing;
    this.events = options.events ?? [{ type: 'Warning', reason: 'Failed', message: `Error: ${message}` }];
  }
}

export const missingText = (missing: MissingObject): string => `${missing.kind}/${missing.namespace}/${missing.name}`;

/** A reference in the container's environment leads nowhere. */
export const configProblem = (message: string, missing: MissingObject): StartProblem =>
  new StartProblem('CreateContainerConfigError', message, { missing });
