/** The only list of the cluster's controllers. */
import type { Controller } from '../controller/controller.ts';
import { deploymentController } from './deployment.ts';
import { namespaceController } from './namespace.ts';
import { replicaSetController } from './replicaSet.ts';
import { replicationControllerController } from './replicationController.ts';
import { rootCaPublisher } from './rootCaPublisher.ts';
import { serviceAccountController } from './serviceAccount.ts';

export interface ControllerOptions {
  /** The cluster's CA certificate in PEM, for the kube-root-ca.crt ConfigMaps. */
  readonly rootCertificate?: string;
}

export const controllersFor = ({ rootCertificate = '' }: ControllerOptions): readonly Controller[] => [
  namespaceController,
  serviceAccountController,
  rootCaPublisher(rootCertificate),
  replicationControllerController,
  replicaSetController,
  deploymentController,
];

export const allControllers: readonly Controller[] = controllersFor({});
