/**
 * How the API server holds a pod's structures in memory: the fields in their order, under the names that show in messages
 * which quote a structure or a difference between two. One text for each structure: `Name/jsonName` (the JSON name is left
 * out where it only differs in the first letter's case), then `=zero` for a plain value, `:T` for a structure, `*T` for an
 * optional one, `[]T` for a list of them; without anything the value is an optional one, a list or a map of plain values.
 */
const containerFields =
  'Name="" Image="" Command Args WorkingDir="" Ports[]ContainerPort EnvFrom[]EnvFromSource Env[]EnvVar ' +
  'Resources:ResourceRequirements ResizePolicy[]ContainerResizePolicy RestartPolicy RestartPolicyRules[]ContainerRestartRule ' +
  'VolumeMounts[]VolumeMount VolumeDevices[]VolumeDevice LivenessProbe*Probe ReadinessProbe*Probe StartupProbe*Probe ' +
  'Lifecycle*Lifecycle TerminationMessagePath="" TerminationMessagePolicy="" ImagePullPolicy="" SecurityContext*SecurityContext ' +
  'Stdin=false StdinOnce=false TTY/tty=false';

export const internalTypes: Readonly<Record<string, string>> = {
  PodSpec:
    'Volumes[]Volume InitContainers[]Container Containers[]Container EphemeralContainers[]EphemeralContainer RestartPolicy="" ' +
    'TerminationGracePeriodSeconds ActiveDeadlineSeconds DNSPolicy/dnsPolicy="" NodeSelector ServiceAccountName="" ' +
    'AutomountServiceAccountToken NodeName="" SecurityContext*PodSecurityContext ImagePullSecrets[]LocalObjectReference Hostname="" ' +
    'Subdomain="" SetHostnameAsFQDN Affinity*Affinity SchedulerName="" Tolerations[]Toleration HostAliases[]HostAlias ' +
    'PriorityClassName="" Priority PreemptionPolicy DNSConfig/dnsConfig*PodDNSConfig ReadinessGates[]PodReadinessGate ' +
    'RuntimeClassName Overhead EnableServiceLinks TopologySpreadConstraints[]TopologySpreadConstraint OS/os*PodOS ' +
    'SchedulingGates[]PodSchedulingGate ResourceClaims[]PodResourceClaim Resources*ResourceRequirements HostnameOverride ' +
    'SchedulingGroup*PodSchedulingGroup',
  Container: containerFields,
  EphemeralContainer: `${containerFields} TargetContainerName=""`,
  ContainerPort: 'Name="" HostPort=0 ContainerPort=0 Protocol="" HostIP=""',
  EnvFromSource: 'Prefix="" ConfigMapRef*NameRef SecretRef*NameRef',
  NameRef: 'Name="" Optional',
  EnvVar: 'Name="" Value="" ValueFrom*EnvVarSource',
  EnvVarSource:
    'FieldRef*ObjectFieldSelector ResourceFieldRef*ResourceFieldSelector ConfigMapKeyRef*KeyRef SecretKeyRef*KeyRef ' +
    'FileKeyRef*FileKeySelector',
  ObjectFieldSelector: 'APIVersion/apiVersion="" FieldPath=""',
  ResourceFieldSelector: 'ContainerName="" Resource="" Divisor="0"',
  KeyRef: 'Name="" Key="" Optional',
  FileKeySelector: 'VolumeName="" Path="" Key="" Optional',
  ResourceRequirements: 'Limits Requests Claims[]ResourceClaim',
  ResourceClaim: 'Name="" Request=""',
  ContainerResizePolicy: 'ResourceName="" RestartPolicy=""',
  ContainerRestartRule: 'Action="" ExitCodes*ExitCodes',
  ExitCodes: 'Operator="" Values',
  VolumeMount: 'Name="" ReadOnly=false RecursiveReadOnly MountPath="" SubPath="" MountPropagation SubPathExpr=""',
  VolumeDevice: 'Name="" DevicePath=""',
  Probe:
    'Exec*ExecAction HTTPGet/httpGet*HTTPGetAction TCPSocket/tcpSocket*TCPSocketAction GRPC/grpc*GRPCAction InitialDelaySeconds=0 ' +
    'TimeoutSeconds=0 PeriodSeconds=0 SuccessThreshold=0 FailureThreshold=0 TerminationGracePeriodSeconds',
  ExecAction: 'Command',
  HTTPGetAction: 'Path="" Port=0 Host="" Scheme="" HTTPHeaders/httpHeaders[]HTTPHeader',
  HTTPHeader: 'Name="" Value=""',
  TCPSocketAction: 'Port=0 Host=""',
  GRPCAction: 'Port=0 Service',
  SleepAction: 'Seconds=0',
  Lifecycle: 'PostStart*LifecycleHandler PreStop*LifecycleHandler StopSignal',
  LifecycleHandler: 'Exec*ExecAction HTTPGet/httpGet*HTTPGetAction TCPSocket/tcpSocket*TCPSocketAction Sleep*SleepAction',
  SecurityContext:
    'Capabilities*Capabilities Privileged SELinuxOptions/seLinuxOptions*SELinuxOptions ' +
    'WindowsOptions*WindowsSecurityContextOptions RunAsUser RunAsGroup RunAsNonRoot ReadOnlyRootFilesystem ' +
    'AllowPrivilegeEscalation ProcMount SeccompProfile*SeccompProfile AppArmorProfile*AppArmorProfile',
  Capabilities: 'Add Drop',
  SELinuxOptions: 'User="" Role="" Type="" Level=""',
  WindowsSecurityContextOptions:
    'GMSACredentialSpecName/gmsaCredentialSpecName GMSACredentialSpec/gmsaCredentialSpec RunAsUserName HostProcess',
  SeccompProfile: 'Type="" LocalhostProfile',
  AppArmorProfile: 'Type="" LocalhostProfile',
  // The host's namespaces are fields of the spec in the API, and of the security context in memory.
  PodSecurityContext:
    'HostNetwork=false HostPID=false HostIPC=false ShareProcessNamespace HostUsers SELinuxOptions/seLinuxOptions*SELinuxOptions ' +
    'WindowsOptions*WindowsSecurityContextOptions RunAsUser RunAsGroup RunAsNonRoot SupplementalGroups SupplementalGroupsPolicy ' +
    'FSGroup/fsGroup FSGroupChangePolicy/fsGroupChangePolicy Sysctls[]Sysctl SeccompProfile*SeccompProfile ' +
    'AppArmorProfile*AppArmorProfile SELinuxChangePolicy/seLinuxChangePolicy',
  Sysctl: 'Name="" Value=""',
  LocalObjectReference: 'Name=""',
  Affinity: 'NodeAffinity*NodeAffinity PodAffinity*PodAffinity PodAntiAffinity*PodAffinity',
  NodeAffinity:
    'RequiredDuringSchedulingIgnoredDuringExecution*NodeSelector ' +
    'PreferredDuringSchedulingIgnoredDuringExecution[]PreferredSchedulingTerm',
  NodeSelector: 'NodeSelectorTerms[]NodeSelectorTerm',
  NodeSelectorTerm: 'MatchExpressions[]NodeSelectorRequirement MatchFields[]NodeSelectorRequirement',
  NodeSelectorRequirement: 'Key="" Operator="" Values',
  PreferredSchedulingTerm: 'Weight=0 Preference:NodeSelectorTerm',
  PodAffinity:
    'RequiredDuringSchedulingIgnoredDuringExecution[]PodAffinityTerm ' +
    'PreferredDuringSchedulingIgnoredDuringExecution[]WeightedPodAffinityTerm',
  PodAffinityTerm:
    'LabelSelector*LabelSelector Namespaces TopologyKey="" NamespaceSelector*LabelSelector MatchLabelKeys MismatchLabelKeys',
  WeightedPodAffinityTerm: 'Weight=0 PodAffinityTerm:PodAffinityTerm',
  Toleration: 'Key="" Operator="" Value="" Effect="" TolerationSeconds',
  HostAlias: 'IP/ip="" Hostnames',
  PodDNSConfig: 'Nameservers Searches Options[]PodDNSConfigOption',
  PodDNSConfigOption: 'Name="" Value',
  PodReadinessGate: 'ConditionType=""',
  TopologySpreadConstraint:
    'MaxSkew=0 TopologyKey="" WhenUnsatisfiable="" LabelSelector*LabelSelector MinDomains NodeAffinityPolicy NodeTaintsPolicy MatchLabelKeys',
  PodOS: 'Name=""',
  PodSchedulingGate: 'Name=""',
  PodResourceClaim: 'Name="" ResourceClaimName ResourceClaimTemplateName',
  PodSchedulingGroup: 'PodGroupName',
  Volume:
    'Name="" HostPath*HostPathVolumeSource EmptyDir*EmptyDirVolumeSource GCEPersistentDisk/gcePersistentDisk*Other ' +
    'AWSElasticBlockStore/awsElasticBlockStore*Other GitRepo*Other Secret*SecretVolumeSource NFS/nfs*NFSVolumeSource ' +
    'ISCSI/iscsi*Other Glusterfs*Other PersistentVolumeClaim*ClaimVolumeSource RBD/rbd*Other Quobyte*Other FlexVolume*Other ' +
    'Cinder*Other CephFS/cephfs*Other Flocker*Other DownwardAPI/downwardAPI*DownwardVolumeSource FC/fc*Other AzureFile*Other ' +
    'ConfigMap*ConfigMapVolumeSource VsphereVolume*Other AzureDisk*Other PhotonPersistentDisk*Other ' +
    'Projected*ProjectedVolumeSource PortworxVolume*Other ScaleIO/scaleIO*Other StorageOS/storageos*Other CSI/csi*CSIVolumeSource ' +
    'Ephemeral*EphemeralVolumeSource Image*ImageVolumeSource',
  HostPathVolumeSource: 'Path="" Type',
  EmptyDirVolumeSource: 'Medium="" SizeLimit',
  SecretVolumeSource: 'SecretName="" Items[]KeyToPath DefaultMode Optional',
  ConfigMapVolumeSource: 'Name="" Items[]KeyToPath DefaultMode Optional',
  KeyToPath: 'Key="" Path="" Mode',
  NFSVolumeSource: 'Server="" Path="" ReadOnly=false',
  ClaimVolumeSource: 'ClaimName="" ReadOnly=false',
  DownwardVolumeSource: 'Items[]DownwardFile DefaultMode',
  DownwardFile: 'Path="" FieldRef*ObjectFieldSelector ResourceFieldRef*ResourceFieldSelector Mode',
  ProjectedVolumeSource: 'Sources[]VolumeProjection DefaultMode',
  VolumeProjection:
    'Secret*KeyProjection DownwardAPI/downwardAPI*DownwardProjection ConfigMap*KeyProjection ServiceAccountToken*TokenProjection ' +
    'ClusterTrustBundle*Other PodCertificate*Other',
  KeyProjection: 'Name="" Items[]KeyToPath Optional',
  DownwardProjection: 'Items[]DownwardFile',
  TokenProjection: 'Audience="" ExpirationSeconds=0 Path=""',
  CSIVolumeSource: 'Driver="" ReadOnly FSType/fsType VolumeAttributes NodePublishSecretRef*LocalObjectReference',
  EphemeralVolumeSource: 'VolumeClaimTemplate*ClaimTemplate',
  ClaimTemplate: 'Spec:ClaimSpec',
  ClaimSpec:
    'AccessModes Selector*LabelSelector Resources:VolumeResources VolumeName="" StorageClassName VolumeMode DataSource*Other DataSourceRef*Other ' +
    'VolumeAttributesClassName',
  VolumeResources: 'Limits Requests',
  ImageVolumeSource: 'Reference="" PullPolicy=""',
  DeploymentStrategy: 'Type="" RollingUpdate*RollingUpdateDeployment',
  RollingUpdateDeployment: 'MaxUnavailable=0 MaxSurge=0',
  StatefulSetUpdateStrategy: 'Type="" RollingUpdate*RollingUpdateStatefulSet',
  RollingUpdateStatefulSet: 'Partition=0 MaxUnavailable',
  DaemonSetUpdateStrategy: 'Type="" RollingUpdate*RollingUpdateDaemonSet',
  RollingUpdateDaemonSet: 'MaxUnavailable=0 MaxSurge=0',
  SuccessPolicy: 'Rules[]SuccessPolicyRule',
  SuccessPolicyRule: 'SucceededIndexes SucceededCount',
  PodFailurePolicy: 'Rules[]PodFailurePolicyRule',
  PodFailurePolicyRule: 'Action="" OnExitCodes*OnExitCodes OnPodConditions[]OnPodConditions',
  OnExitCodes: 'ContainerName Operator="" Values',
  OnPodConditions: 'Type="" Status=""',
  PodDisruptionBudgetSpec: 'MinAvailable Selector*LabelSelector MaxUnavailable UnhealthyPodEvictionPolicy',
  HorizontalPodAutoscalerBehavior: 'ScaleUp*HPAScalingRules ScaleDown*HPAScalingRules',
  HPAScalingRules: 'StabilizationWindowSeconds SelectPolicy Policies[]HPAScalingPolicy Tolerance',
  HPAScalingPolicy: 'Type="" Value=0 PeriodSeconds=0',
};
