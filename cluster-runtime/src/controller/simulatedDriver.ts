/**
 * The playground's own storage: a CSI driver whose disks any node can reach, and the provisioners it stands in for.
 *
 * Differs from Kubernetes: a new cluster has a default StorageClass, `standard`, and this driver behind it, as most
 * distributions have one; a control plane by itself has none. Who deletes the class has none either.
 */

export const simulatedDriver = 'disk.csi.playground.kube';

/**
 * Provisioners of well-known clusters, so that their manifests find storage here.
 *
 * Differs from Kubernetes: claims of these classes get a simulated disk; on a cluster without the driver they wait.
 */
const standsInFor = new Set([
  simulatedDriver,
  'cinder.csi.openstack.org',
  'csi.digitalocean.com',
  'disk.csi.azure.com',
  'dobs.csi.digitalocean.com',
  'docker.io/hostpath',
  'driver.longhorn.io',
  'ebs.csi.aws.com',
  'efs.csi.aws.com',
  'file.csi.azure.com',
  'filestore.csi.storage.gke.io',
  'hostpath.csi.k8s.io',
  'k8s.io/minikube-hostpath',
  'linodebs.csi.linode.com',
  'microk8s.io/hostpath',
  'nfs.csi.k8s.io',
  'pd.csi.storage.gke.io',
  'rancher.io/local-path',
  'rook-ceph.cephfs.csi.ceph.com',
  'rook-ceph.rbd.csi.ceph.com',
  'smb.csi.k8s.io',
]);

export const isSimulatedProvisioner = (name: string | undefined): boolean => name !== undefined && standsInFor.has(name);

export const zoneLabel = 'topology.kubernetes.io/zone';
