/**
 * The only list of the built-in kinds: all of Kubernetes 1.36's stable groups, in the order in which discovery tells them.
 * Kinds of CustomResourceDefinitions come and go at run time and are not here.
 */
import type { KindDefinition } from './defineKind.ts';
import { Binding } from './binding.ts';
import { ComponentStatus } from './componentStatus.ts';
import { ConfigMap } from './configMap.ts';
import { Endpoints } from './endpoints.ts';
import { Event } from './event.ts';
import { LimitRange } from './limitRange.ts';
import { Namespace } from './namespace.ts';
import { Node } from './node.ts';
import { PersistentVolumeClaim } from './persistentVolumeClaim.ts';
import { PersistentVolume } from './persistentVolume.ts';
import { Pod } from './pod.ts';
import { PodTemplate } from './podTemplate.ts';
import { ReplicationController } from './replicationController.ts';
import { ResourceQuota } from './resourceQuota.ts';
import { Secret } from './secret.ts';
import { ServiceAccount } from './serviceAccount.ts';
import { Service } from './service.ts';
import { APIService } from './apiService.ts';
import { ControllerRevision } from './controllerRevision.ts';
import { DaemonSet } from './daemonSet.ts';
import { Deployment } from './deployment.ts';
import { ReplicaSet } from './replicaSet.ts';
import { StatefulSet } from './statefulSet.ts';
import { EventV1 } from './eventV1.ts';
import { SelfSubjectReview } from './selfSubjectReview.ts';
import { TokenReview } from './tokenReview.ts';
import { LocalSubjectAccessReview } from './localSubjectAccessReview.ts';
import { SelfSubjectAccessReview } from './selfSubjectAccessReview.ts';
import { SelfSubjectRulesReview } from './selfSubjectRulesReview.ts';
import { SubjectAccessReview } from './subjectAccessReview.ts';
import { HorizontalPodAutoscaler } from './horizontalPodAutoscaler.ts';
import { HorizontalPodAutoscalerV1 } from './horizontalPodAutoscalerV1.ts';
import { CronJob } from './cronJob.ts';
import { Job } from './job.ts';
import { CertificateSigningRequest } from './certificateSigningRequest.ts';
import { IngressClass } from './ingressClass.ts';
import { Ingress } from './ingress.ts';
import { IPAddress } from './ipAddress.ts';
import { NetworkPolicy } from './networkPolicy.ts';
import { ServiceCIDR } from './serviceCidr.ts';
import { PodDisruptionBudget } from './podDisruptionBudget.ts';
import { ClusterRoleBinding } from './clusterRoleBinding.ts';
import { ClusterRole } from './clusterRole.ts';
import { RoleBinding } from './roleBinding.ts';
import { Role } from './role.ts';
import { CSIDriver } from './csiDriver.ts';
import { CSINode } from './csiNode.ts';
import { CSIStorageCapacity } from './csiStorageCapacity.ts';
import { StorageClass } from './storageClass.ts';
import { VolumeAttachment } from './volumeAttachment.ts';
import { VolumeAttributesClass } from './volumeAttributesClass.ts';
import { MutatingAdmissionPolicy } from './mutatingAdmissionPolicy.ts';
import { MutatingAdmissionPolicyBinding } from './mutatingAdmissionPolicyBinding.ts';
import { MutatingWebhookConfiguration } from './mutatingWebhookConfiguration.ts';
import { ValidatingAdmissionPolicy } from './validatingAdmissionPolicy.ts';
import { ValidatingAdmissionPolicyBinding } from './validatingAdmissionPolicyBinding.ts';
import { ValidatingWebhookConfiguration } from './validatingWebhookConfiguration.ts';
import { CustomResourceDefinition } from './customResourceDefinition.ts';
import { PriorityClass } from './priorityClass.ts';
import { Lease } from './lease.ts';
import { RuntimeClass } from './runtimeClass.ts';
import { EndpointSlice } from './endpointSlice.ts';
import { DeviceClass } from './deviceClass.ts';
import { ResourceClaim } from './resourceClaim.ts';
import { ResourceClaimTemplate } from './resourceClaimTemplate.ts';
import { ResourceSlice } from './resourceSlice.ts';
import { FlowSchema } from './flowSchema.ts';
import { PriorityLevelConfiguration } from './priorityLevelConfiguration.ts';
import { Machine } from './machine.ts';
import { SchedulingDecision } from './schedulingDecision.ts';

export const allKinds: readonly KindDefinition[] = [
  Binding,
  ComponentStatus,
  ConfigMap,
  Endpoints,
  Event,
  LimitRange,
  Namespace,
  Node,
  PersistentVolumeClaim,
  PersistentVolume,
  Pod,
  PodTemplate,
  ReplicationController,
  ResourceQuota,
  Secret,
  ServiceAccount,
  Service,
  APIService,
  ControllerRevision,
  DaemonSet,
  Deployment,
  ReplicaSet,
  StatefulSet,
  EventV1,
  SelfSubjectReview,
  TokenReview,
  LocalSubjectAccessReview,
  SelfSubjectAccessReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerV1,
  CronJob,
  Job,
  CertificateSigningRequest,
  IngressClass,
  Ingress,
  IPAddress,
  NetworkPolicy,
  ServiceCIDR,
  PodDisruptionBudget,
  ClusterRoleBinding,
  ClusterRole,
  RoleBinding,
  Role,
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  StorageClass,
  VolumeAttachment,
  VolumeAttributesClass,
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
  CustomResourceDefinition,
  PriorityClass,
  Lease,
  RuntimeClass,
  EndpointSlice,
  DeviceClass,
  ResourceClaim,
  ResourceClaimTemplate,
  ResourceSlice,
  FlowSchema,
  PriorityLevelConfiguration,
  Machine,
  SchedulingDecision,
];

const keyText = (group: string, version: string, name: string): string => `${group}/${version}/${name}`;
const byKind = new Map(allKinds.map((kind) => [keyText(kind.group, kind.version, kind.kind), kind]));
const byResource = new Map(allKinds.map((kind) => [keyText(kind.group, kind.version, kind.plural), kind]));

/** The kind that an object's apiVersion and kind name, if it is built in. */
export const kindOf = (group: string, version: string, kind: string): KindDefinition | undefined =>
  byKind.get(keyText(group, version, kind));

/** The kind served at `/apis/<group>/<version>/…/<plural>`, if it is built in. */
export const kindByResource = (group: string, version: string, plural: string): KindDefinition | undefined =>
  byResource.get(keyText(group, version, plural));
