/**
 * The metrics that a new cluster comes with: the APIService by which metrics.k8s.io is served, and who may read it. They are
 * ordinary objects: without the APIService the group is gone.
 *
 * Differs from Kubernetes: a new cluster has the metrics API at once, which elsewhere an add-on brings; `start --bare` leaves
 * it out, and autoscalers then say what they say without it.
 */
import { APIService } from '#common/kinds/apiService.ts';
import { ClusterRole } from '#common/kinds/clusterRole.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { BootstrapObject } from './bootstrapObjects.ts';

const labels = { 'k8s-app': 'metrics-server' };

export function metricsService(): BootstrapObject {
  const object: api.APIService = {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1beta1.metrics.k8s.io', labels },
    spec: { group: 'metrics.k8s.io', version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100 },
  };
  return { kind: APIService as unknown as BootstrapObject['kind'], object };
}

/** Joins the roles that people are given, so it comes after the rights of whoever gathers those. */
export function metricsReader(): BootstrapObject {
  const aggregate = (role: string): Record<string, string> => ({ [`rbac.authorization.k8s.io/aggregate-to-${role}`]: 'true' });
  const object: api.ClusterRole = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: {
      name: 'system:aggregated-metrics-reader',
      labels: { ...labels, ...aggregate('admin'), ...aggregate('edit'), ...aggregate('view') },
    },
    rules: [{ apiGroups: ['metrics.k8s.io'], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] }],
  };
  return { kind: ClusterRole as unknown as BootstrapObject['kind'], object };
}
