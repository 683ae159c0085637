/** Small shells: busybox, Alpine, and a Debian for those who want bash. */
import { alpineLayer, debianLayer, type ImageDefinition, layer, versionedTags } from '../images/image.ts';

export const busyboxImage: ImageDefinition = {
  repositories: [
    'docker.io/library/busybox',
    'registry.k8s.io/busybox',
    'registry.k8s.io/e2e-test-images/busybox',
    'k8s.gcr.io/busybox',
    'gcr.io/google_containers/busybox',
    'quay.io/prometheus/busybox',
    'public.ecr.aws/docker/library/busybox',
  ],
  about: 'runs shell scripts and small tools: sh, wget, nslookup, nc, tar …',
  hasTag: versionedTags({
    named: ['latest', 'stable', 'unstable', 'glibc', 'musl', 'uclibc'],
    versions: { 1: [0, 37] },
    suffixes: ['-glibc', '-musl', '-uclibc', '-1', '-2', '-4'],
  }),
  build: () => ({
    layers: [layer('busybox', 2.1)],
    cmd: ['sh'],
    userland: 'busybox',
    usage: { cpuMillicores: 0, memoryMebibytes: 0.8 },
  }),
};

export const alpineImage: ImageDefinition = {
  repositories: ['docker.io/library/alpine', 'public.ecr.aws/docker/library/alpine'],
  about: 'runs shell scripts and small tools, as busybox does',
  hasTag: versionedTags({ named: ['latest', 'edge'], versions: { 2: [6, 7], 3: [1, 22] } }),
  build: () => ({
    layers: [alpineLayer],
    cmd: ['/bin/sh'],
    userland: 'alpine',
    usage: { cpuMillicores: 0, memoryMebibytes: 1 },
  }),
};

export const debianImage: ImageDefinition = {
  repositories: ['docker.io/library/debian', 'docker.io/library/ubuntu'],
  about: 'runs bash scripts and the usual text tools',
  hasTag: versionedTags({
    named: [
      'latest',
      'stable',
      'stable-slim',
      'bookworm',
      'bookworm-slim',
      'bullseye',
      'bullseye-slim',
      'trixie',
      'trixie-slim',
      'noble',
      'jammy',
      'focal',
    ],
    versions: { 10: [0, 13], 11: [0, 11], 12: [0, 12], 13: [0, 1], 18: [4, 4], 20: [4, 4], 22: [4, 4], 24: [4, 4] },
    suffixes: ['-slim'],
  }),
  build: () => ({
    layers: [debianLayer],
    cmd: ['bash'],
    userland: 'debian',
    usage: { cpuMillicores: 0, memoryMebibytes: 1 },
  }),
};
