/** The tree's pictures, drawn on a 16 × 16 grid with the text's colour: one per kind, one badge per state. */
import { svg, type SVGTemplateResult } from 'lit';
import type { RowState } from '#common/protocol/webview.ts';

/** Outlines; a kind without one of its own gets the last. */
const outlines: Readonly<Record<string, string>> = {
  Cluster:
    'M8 1.5 13.6 4.75v6.5L8 14.5l-5.6-3.25v-6.5zM8 5.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8M8 1.5v4.1M8 10.4v4.1M2.4 4.75l3.5 2.05M10.1 9.2l3.5 2.05M13.6 4.75 10.1 6.8M5.9 9.2l-3.5 2.05',
  Node: 'M2 3h12v4H2zM2 9h12v4H2zM4.5 5h.01M4.5 11h.01M7 5h5M7 11h5',
  Namespace: 'M2 2.5h2.5M11.5 2.5H14V5M14 11v2.5h-2.5M4.5 13.5H2V11M2 5V2.5M7 2.5h2M7 13.5h2M2 7v2M14 7v2',
  Deployment: 'M8 2 14 5 8 8 2 5zM2 8l6 3 6-3M2 11l6 3 6-3',
  ReplicaSet: 'M5.5 2.5h8v8h-8zM2.5 5.5v8h8',
  ReplicationController: 'M5.5 2.5h8v8h-8zM2.5 5.5v8h8',
  StatefulSet:
    'M2.5 4c0-1.1 2.5-2 5.5-2s5.5.9 5.5 2-2.5 2-5.5 2-5.5-.9-5.5-2M2.5 4v8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2V4M2.5 8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2',
  DaemonSet: 'M2 2.5h12v4H2zM4.5 9.5v4M8 9.5v4M11.5 9.5v4M2.5 13.5h4M6 13.5h4M9.5 13.5h4',
  Job: 'M2.5 5h11v8.5h-11zM6 5V2.5h4V5M5.5 9l2 2 3.5-3.5',
  CronJob: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 4.75V8l2.5 1.75',
  Pod: 'M8 1.75 13.5 5v6L8 14.25 2.5 11V5zM2.5 5 8 8.1 13.5 5M8 8.1v6.15',
  Container: 'M2.5 4h11v8h-11zM5.25 6.5v3M8 6.5v3M10.75 6.5v3',
  Service: 'M6.5 2h3v3h-3zM2 11h3v3H2zM11 11h3v3h-3zM8 5v3M3.5 11V8h9v3',
  Endpoint: 'M2 8h7M6.5 5.25 9.25 8 6.5 10.75M9.5 3H14v10H9.5',
  Ingress: 'M2 8h5M7 8l6-4.5M7 8l6 4.5M10 3.2l3 .3-.6 3M12.4 9.6l.6 2.9-3 .3',
  Backend: 'M2 8h7M6.5 5.25 9.25 8 6.5 10.75M9.5 3H14v10H9.5',
  NetworkPolicy: 'M8 1.75 13 3.5v4c0 3.25-2 5.5-5 6.75-3-1.25-5-3.5-5-6.75v-4zM5.75 8l1.6 1.6 3-3.35',
  ConfigMap: 'M3.5 1.75h6l3 3v9.5h-9zM9.5 1.75v3h3M5.75 8h4.5M5.75 10.75h4.5',
  Secret: 'M3 7h10v7H3zM5.25 7V5a2.75 2.75 0 0 1 5.5 0v2M8 9.75v1.5',
  HorizontalPodAutoscaler: 'M2 8h3.5M3.75 6.25 2 8l1.75 1.75M14 8h-3.5M12.25 6.25 14 8l-1.75 1.75M6.75 3.5h2.5v9h-2.5z',
  PodDisruptionBudget: 'M8 1.75 13 3.5v4c0 3.25-2 5.5-5 6.75-3-1.25-5-3.5-5-6.75v-4z',
  ResourceQuota: 'M2.5 12a6 6 0 1 1 11 0M8 9.5l2.75-3.5',
  LimitRange: 'M3 2.5v11M13 2.5v11M3 8h10M5.25 5.75 3 8l2.25 2.25M10.75 5.75 13 8l-2.25 2.25',
  PersistentVolumeClaim: 'M2.5 9.5h11v4h-11zM8 2v5M5.75 4.75 8 7l2.25-2.25M11 11.5h.01',
  PersistentVolume: 'M2.5 3.5h11v9h-11zM2.5 8.5h11M11 10.5h.01',
  Volume: 'M2.5 3.5h11v9h-11zM2.5 8.5h11M11 10.5h.01',
  StorageClass: 'M2 4.5 8 2l6 2.5L8 7zM2 8l6 2.5L14 8M2 11.5 8 14l6-2.5',
  ServiceAccount: 'M8 2.5a2.75 2.75 0 1 0 0 5.5 2.75 2.75 0 0 0 0-5.5M2.75 14c.3-2.75 2.3-4.25 5.25-4.25S12.95 11.25 13.25 14',
  Role: 'M5.5 6a3.25 3.25 0 1 0 0 6.5 3.25 3.25 0 0 0 0-6.5M8 7l5.5-5M11.25 4l1.75 2',
  ClusterRole: 'M5.5 6a3.25 3.25 0 1 0 0 6.5 3.25 3.25 0 0 0 0-6.5M8 7l5.5-5M11.25 4l1.75 2',
  RoleBinding:
    'M6.75 9.25 9.5 6.5M7.5 4.25l1.4-1.4a2.9 2.9 0 0 1 4.1 4.1l-1.4 1.4M8.5 11.5l-1.4 1.4a2.9 2.9 0 0 1-4.1-4.1l1.4-1.4',
  ClusterRoleBinding:
    'M6.75 9.25 9.5 6.5M7.5 4.25l1.4-1.4a2.9 2.9 0 0 1 4.1 4.1l-1.4 1.4M8.5 11.5l-1.4 1.4a2.9 2.9 0 0 1-4.1-4.1l1.4-1.4',
  CustomResourceDefinition: 'M8 1.75 9.9 6.1 14.25 8 9.9 9.9 8 14.25 6.1 9.9 1.75 8 6.1 6.1z',
  CustomResource: 'M8 1.75 14.25 8 8 14.25 1.75 8z',
  '': 'M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3',
};

export const kindIcon = (kind: string): SVGTemplateResult =>
  svg`<path class="outline" d=${(Object.hasOwn(outlines, kind) ? outlines[kind] : outlines['']) ?? ''}></path>`;

/** Shapes as well as colours: nobody needs to tell red from green. Drawn over the lower right corner of the kind's icon. */
const badges: Readonly<Record<RowState, SVGTemplateResult | undefined>> = {
  none: undefined,
  ok: svg`<circle class="halo" cx="12" cy="12" r="4"></circle><circle class="mark" cx="12" cy="12" r="2.75"></circle>`,
  done: svg`<circle class="halo" cx="12" cy="12" r="4"></circle><path class="line" d="m9.5 12 1.9 1.9 3.1-3.6"></path>`,
  progressing: svg`<circle class="halo" cx="12" cy="12" r="4"></circle><circle class="line" cx="12" cy="12" r="2.5" stroke-dasharray="11 5"></circle>`,
  warning: svg`<path class="halo" d="M12 7.5 16.5 16h-9z"></path><path class="mark" d="m12 8.6 3.6 6.6H8.4z"></path>`,
  failed: svg`<circle class="halo" cx="12" cy="12" r="4.25"></circle><circle class="mark" cx="12" cy="12" r="3.5"></circle><path class="cut" d="m10.7 10.7 2.6 2.6m0-2.6-2.6 2.6"></path>`,
  unknown: svg`<circle class="halo" cx="12" cy="12" r="4"></circle><circle class="line" cx="12" cy="12" r="2.5"></circle>`,
};

export const stateBadge = (state: RowState): SVGTemplateResult | undefined => badges[state];

export const twisty = svg`<path class="outline" d="m6 4 4 4-4 4"></path>`;
export const searchIcon = svg`<path class="outline" d="M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9m3.4 7.9 3.1 3.1"></path>`;
export const clearIcon = svg`<path class="outline" d="m4 4 8 8m0-8-8 8"></path>`;
export const unhealthyIcon = svg`<path class="outline" d="M8 2 14.5 13.5h-13zM8 6.5v3.25M8 11.5v.25"></path>`;
export const filterIcon = svg`<path class="outline" d="M2 4h12M4.5 8h7M6.75 12h2.5"></path>`;
export const warningIcon = svg`<path class="outline" d="M8 2.5 14.5 13.5h-13zM8 6.5v3.25M8 11.5v.25"></path>`;
