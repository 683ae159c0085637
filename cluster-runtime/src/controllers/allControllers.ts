/**
 * The only list of the cluster's controllers.
 *
 * Differs from Kubernetes: nobody works on ResourceClaims, PodCertificateRequests, ClusterTrustBundles and
 * StorageVersionMigrations, devices are not tainted, and nobody warns of volumes whose SELinux labels clash.
 */
import type { Controller } from '../controller/controller.ts';
import { attachDetachController } from './attachDetach.ts';
import { bootstrapSignerController } from './bootstrapSigner.ts';
import { type MayRequest, certificateApprovingController } from './certificateApproving.ts';
import { certificateCleanerController } from './certificateCleaner.ts';
import { type CertificateSigning, certificateSigningController } from './certificateSigning.ts';
import { claimBinderController } from './claimBinder.ts';
import { claimProtectionController } from './claimProtection.ts';
import { cloudNodeController } from './cloudNode.ts';
import { clusterRoleAggregationController } from './clusterRoleAggregation.ts';
import { cronJobController } from './cronJob.ts';
import { customResourceDefinitionController } from './customResourceDefinition.ts';
import { daemonSetController } from './daemonSet.ts';
import { deploymentController } from './deployment.ts';
import { disruptionController } from './disruption.ts';
import { endpointsController } from './endpoints.ts';
import { endpointSliceController } from './endpointSlice.ts';
import { endpointSliceMirroringController } from './endpointSliceMirroring.ts';
import { ephemeralVolumeController } from './ephemeralVolume.ts';
import { garbageCollector } from './garbageCollector.ts';
import { horizontalPodAutoscalerController } from './horizontalPodAutoscaler.ts';
import { jobController } from './job.ts';
import { legacyTokenCleaner } from './legacyTokenCleaner.ts';
import { loadBalancerController, type LoadBalancerProvider } from './loadBalancer.ts';
import { namespaceController } from './namespace.ts';
import { nodeIpamController } from './nodeIpam.ts';
import { nodeLifecycleController } from './nodeLifecycle.ts';
import { nodeTtlController } from './nodeTtl.ts';
import { podGarbageCollector } from './podGarbageCollector.ts';
import { policyStatusController } from './policyStatus.ts';
import { replicaSetController } from './replicaSet.ts';
import { replicationControllerController } from './replicationController.ts';
import { resourceQuotaController } from './resourceQuota.ts';
import { rootCaPublisher } from './rootCaPublisher.ts';
import { serviceAccountController } from './serviceAccount.ts';
import { serviceAccountTokenController, type TokenSecretOptions } from './serviceAccountToken.ts';
import { serviceCidrController } from './serviceCidr.ts';
import { staleApiServerLeaseController } from './staleApiServerLease.ts';
import { statefulSetController } from './statefulSet.ts';
import { taintEvictionController } from './taintEviction.ts';
import { tokenCleanerController } from './tokenCleaner.ts';
import { ttlAfterFinishedController } from './ttlAfterFinished.ts';
import { volumeDeleterController } from './volumeDeleter.ts';
import { volumeExpanderController, volumeResizerController } from './volumeExpander.ts';
import { volumeAttributesClassProtectionController } from './volumeAttributesClassProtection.ts';
import { volumeProtectionController } from './volumeProtection.ts';
import { volumeProvisionerController } from './volumeProvisioner.ts';
import { volumeReclaimerController } from './volumeReclaimer.ts';

export interface ControllerOptions {
  /** The cluster's CA certificate in PEM, for the kube-root-ca.crt ConfigMaps. */
  readonly rootCertificate?: string;
  /** Signs certificate requests; without it approved ones wait. */
  readonly signing?: CertificateSigning;
  /** Judges who gets a kubelet's certificate without a person's approval; without it nobody. */
  readonly mayRequest?: MayRequest;
  /** Makes the tokens of Secrets; without it they stay empty. */
  readonly issueToken?: TokenSecretOptions['issueToken'];
  /** Without one, Services of type LoadBalancer stay pending. */
  readonly loadBalancers?: LoadBalancerProvider;
}

export const controllersFor = ({
  rootCertificate = '',
  issueToken,
  loadBalancers,
  signing,
  mayRequest,
}: ControllerOptions): readonly Controller[] => [
  customResourceDefinitionController,
  namespaceController,
  serviceAccountController,
  rootCaPublisher(rootCertificate),
  ...(issueToken ? [serviceAccountTokenController({ rootCertificate, issueToken })] : []),
  legacyTokenCleaner,
  clusterRoleAggregationController,
  serviceCidrController,
  policyStatusController,
  staleApiServerLeaseController,
  nodeTtlController(),
  cloudNodeController,
  ...(loadBalancers ? [loadBalancerController(loadBalancers)] : []),
  bootstrapSignerController,
  tokenCleanerController,
  ...(mayRequest ? [certificateApprovingController(mayRequest)] : []),
  ...(signing ? [certificateSigningController(signing)] : []),
  certificateCleanerController,
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
  resourceQuotaController(),
  horizontalPodAutoscalerController(),
  claimBinderController,
  volumeReclaimerController,
  volumeProvisionerController,
  volumeDeleterController,
  volumeExpanderController,
  volumeResizerController,
  ephemeralVolumeController,
  attachDetachController,
  claimProtectionController,
  volumeAttributesClassProtectionController,
  volumeProtectionController,
  endpointsController(),
  endpointSliceController(),
  endpointSliceMirroringController,
  garbageCollector,
];

export const allControllers: readonly Controller[] = controllersFor({});
