/** The only list of the cluster's controllers. */
import type { Controller } from '../controller/controller.ts';
import { claimProtectionController } from './claimProtection.ts';
import { cronJobController } from './cronJob.ts';
import { customResourceDefinitionController } from './customResourceDefinition.ts';
import { daemonSetController } from './daemonSet.ts';
import { deploymentController } from './deployment.ts';
import { disruptionController } from './disruption.ts';
import { endpointsController } from './endpoints.ts';
import { endpointSliceController } from './endpointSlice.ts';
import { endpointSliceMirroringController } from './endpointSliceMirroring.ts';
import { garbageCollector } from './garbageCollector.ts';
import { jobController } from './job.ts';
import { namespaceController } from './namespace.ts';
import { nodeIpamController } from './nodeIpam.ts';
import { nodeLifecycleController } from './nodeLifecycle.ts';
import { podGarbageCollector } from './podGarbageCollector.ts';
import { replicaSetController } from './replicaSet.ts';
import { replicationControllerController } from './replicationController.ts';
import { resourceQuotaController } from './resourceQuota.ts';
import { rootCaPublisher } from './rootCaPublisher.ts';
import { serviceAccountController } from './serviceAccount.ts';
import { statefulSetController } from './statefulSet.ts';
import { taintEvictionController } from './taintEviction.ts';
import { ttlAfterFinishedController } from './ttlAfterFinished.ts';
import { volumeProtectionController } from './volumeProtection.ts';

export interface ControllerOptions {
  /** The cluster's CA certificate in PEM, for the kube-root-ca.crt ConfigMaps. */
  readonly rootCertificate?: string;
}

export const controllersFor = ({ rootCertificate = '' }: ControllerOptions): readonly Controller[] => [
  customResourceDefinitionController,
  namespaceController,
  serviceAccountController,
  rootCaPublisher(rootCertificate),
  nodeIpamController,
  nodeLifecycleController(),
  taintEvictionController(),
  podGarbageCollector(),
  replicationControllerController,
  replicaSetController,
  deploymentController,
  statefulSetController,
  daemonSetController(),
  jobController(),
  cronJobController,
  ttlAfterFinishedController,
  disruptionController,
  resourceQuotaController,
  claimProtectionController,
  volumeProtectionController,
  endpointsController(),
  endpointSliceController(),
  endpointSliceMirroringController,
  garbageCollector,
];

export const allControllers: readonly Controller[] = controllersFor({});
