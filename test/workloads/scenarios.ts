/** Each example of examples/workloads with what its page tells the reader to do. */
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { CronJob } from '#common/kinds/cronJob.ts';
import { DaemonSet } from '#common/kinds/daemonSet.ts';
import { Deployment } from '#common/kinds/deployment.ts';
import { EndpointSlice } from '#common/kinds/endpointSlice.ts';
import { HorizontalPodAutoscaler } from '#common/kinds/horizontalPodAutoscaler.ts';
import { Job } from '#common/kinds/job.ts';
import { Node } from '#common/kinds/node.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { Pod } from '#common/kinds/pod.ts';
import { PodDisruptionBudget } from '#common/kinds/podDisruptionBudget.ts';
import { ReplicaSet } from '#common/kinds/replicaSet.ts';
import { Service } from '#common/kinds/service.ts';
import { StatefulSet } from '#common/kinds/statefulSet.ts';
import type { StageOptions } from './stage.ts';
import * as does from './steps.ts';

export interface Scenario extends StageOptions {
  /** The folder below examples/workloads, and the transcript below golden/. */
  readonly name: string;
  /** What is followed besides pods and nodes. */
  readonly follow: readonly KindDefinition[];
  readonly steps: readonly does.Step[];
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'statefulset',
    nodes: 3,
    follow: [StatefulSet, PersistentVolumeClaim, PersistentVolume],
    steps: [
      does.apply('statefulset'),
      does.wait(40),
      does.get(Pod, PersistentVolumeClaim),
      does.remove(Pod, 'store-1'),
      does.wait(15),
      does.logs('store-1', 5),
      does.scale(StatefulSet, 'store', 1),
      does.wait(15),
      does.get(StatefulSet, Pod, PersistentVolumeClaim),
      does.scale(StatefulSet, 'store', 2),
      does.wait(15),
      does.logs('store-1', 5),
      does.remove(StatefulSet, 'store'),
      does.wait(15),
      does.get(Pod, PersistentVolumeClaim, PersistentVolume),
    ],
  },
  {
    name: 'daemonset',
    nodes: 2,
    follow: [DaemonSet],
    steps: [
      does.apply('daemonset'),
      does.wait(15),
      does.addNode('node-3'),
      does.wait(15),
      does.getWide(Pod),
      does.setImage(DaemonSet, 'agent', 'agent', 'busybox:1.37'),
      does.wait(40),
      does.cordon('node-1'),
      does.wait(10),
      does.get(DaemonSet, Pod, Node),
    ],
  },
  {
    name: 'cronjob',
    nodes: 1,
    follow: [CronJob, Job],
    steps: [
      does.apply('cronjob'),
      does.wait(200),
      does.get(CronJob, Job, Pod),
      does.createJobFrom('report', 'report-now'),
      does.wait(100),
      does.patch(CronJob, 'report', { spec: { suspend: true } }),
      does.wait(90),
      does.get(CronJob, Job, Pod),
    ],
  },
  {
    name: 'indexed-job',
    nodes: 2,
    follow: [Job],
    steps: [does.apply('indexed-job'), does.wait(90), does.get(Job, Pod)],
  },
  {
    name: 'autoscaling',
    nodes: 3,
    follow: [HorizontalPodAutoscaler, Deployment],
    steps: [
      does.apply('autoscaling/1-php-apache.yaml', 'autoscaling/2-autoscaler.yaml'),
      does.wait(60),
      does.get(HorizontalPodAutoscaler),
      does.apply('autoscaling/3-load.yaml'),
      does.wait(180),
      does.topPods,
      does.get(HorizontalPodAutoscaler),
      does.remove(Pod, 'load-generator'),
      does.wait(150),
      does.get(HorizontalPodAutoscaler, Deployment, Pod),
    ],
  },
  {
    name: 'canary',
    nodes: 3,
    follow: [Deployment, ReplicaSet],
    steps: [
      does.apply('canary'),
      does.wait(60),
      does.logs('visitor', 20),
      does.scale(Deployment, 'hello-canary', 3),
      does.wait(30),
      does.logs('visitor', 20),
      does.scale(Deployment, 'hello-stable', 0),
      does.wait(30),
      does.logs('visitor', 5),
      does.get(Deployment, Pod),
    ],
  },
  {
    name: 'blue-green',
    nodes: 3,
    follow: [Deployment, Service, EndpointSlice],
    steps: [
      does.apply('blue-green'),
      does.wait(30),
      does.logs('customer', 5),
      does.patch(Service, 'shop', { spec: { selector: { colour: 'green' } } }),
      does.wait(10),
      does.logs('customer', 12),
      does.getWide(Deployment, Service),
      does.get(EndpointSlice),
    ],
  },
  {
    name: 'disruption-budget',
    nodes: 2,
    follow: [Deployment, PodDisruptionBudget],
    steps: [
      does.apply('disruption-budget'),
      does.wait(40),
      does.getWide(Pod),
      does.get(PodDisruptionBudget),
      does.drain('node-1'),
      does.wait(20),
      does.get(PodDisruptionBudget, Node),
      does.uncordon('node-1'),
      does.wait(5),
      does.getWide(Pod),
    ],
  },
  {
    name: 'preemption',
    nodes: 2,
    follow: [Deployment],
    steps: [
      does.apply('preemption/1-classes.yaml', 'preemption/2-batch.yaml'),
      does.wait(15),
      does.getWide(Pod),
      does.apply('preemption/3-urgent.yaml'),
      does.wait(20),
      does.getWide(Pod),
      does.remove(Pod, 'urgent'),
      does.wait(15),
      does.getWide(Pod),
    ],
  },
  {
    name: 'zones',
    nodes: 6,
    zones: ['a', 'b', 'c'],
    follow: [Deployment],
    steps: [
      does.apply('zones'),
      does.wait(15),
      does.getWide(Pod),
      does.cordon('node-3', 'node-6'),
      does.scale(Deployment, 'spread', 9),
      does.wait(15),
      does.getWide(Pod),
      does.uncordon('node-3', 'node-6'),
      does.wait(15),
      does.getWide(Pod),
    ],
  },
  {
    name: 'node-failure',
    nodes: 2,
    follow: [Deployment],
    steps: [
      does.apply('node-failure'),
      does.wait(20),
      does.getWide(Pod),
      does.stopNode('node-2'),
      does.wait(60),
      does.get(Node, Deployment),
      does.wait(330),
      does.getWide(Pod),
      does.startNode('node-2'),
      does.wait(30),
      does.getWide(Pod),
      does.get(Node, Deployment),
    ],
  },
];
