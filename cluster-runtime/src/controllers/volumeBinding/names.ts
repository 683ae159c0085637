/** The annotations by which binder, scheduler and provisioners speak with each other, as Kubernetes documents them. */

/** On a claim: the binding is complete, and losing the volume is losing data. */
export const bindCompleted = 'pv.kubernetes.io/bind-completed';
/** On both: the controller chose the other side, so it may undo it. */
export const boundByController = 'pv.kubernetes.io/bound-by-controller';
/** On a volume: who made it, and has to delete it. */
export const provisionedBy = 'pv.kubernetes.io/provisioned-by';
/** On a claim: who is to make its volume. */
export const storageProvisioner = 'volume.kubernetes.io/storage-provisioner';
export const betaStorageProvisioner = 'volume.beta.kubernetes.io/storage-provisioner';
/** On a claim: where the scheduler wants to run its first pod. */
export const selectedNode = 'volume.kubernetes.io/selected-node';

/** The class without a provisioner: its volumes are made by hand. */
export const noProvisioner = 'kubernetes.io/no-provisioner';

export const binderSource = 'persistentvolume-controller';
