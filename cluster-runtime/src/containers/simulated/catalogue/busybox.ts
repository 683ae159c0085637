/** Small shells: busybox, Alpine, and a Debian for those who want bash. */
import { imageDescriptions } from '#common/images/imageDescriptions.ts';
import { alpineLayer, debianLayer, type ImageDefinition, layer, simulated } from '../images/image.ts';

export const busyboxImage: ImageDefinition = {
  ...simulated(imageDescriptions.busybox),
  build: () => ({
    layers: [layer('busybox', 2.1)],
    cmd: ['sh'],
    userland: 'busybox',
    usage: { cpuMillicores: 0, memoryMebibytes: 0.8 },
  }),
};

export const alpineImage: ImageDefinition = {
  ...simulated(imageDescriptions.alpine),
  build: () => ({
    layers: [alpineLayer],
    cmd: ['/bin/sh'],
    userland: 'alpine',
    usage: { cpuMillicores: 0, memoryMebibytes: 1 },
  }),
};

export const debianImage: ImageDefinition = {
  ...simulated(imageDescriptions.debian),
  build: () => ({
    layers: [debianLayer],
    cmd: ['bash'],
    userland: 'debian',
    usage: { cpuMillicores: 0, memoryMebibytes: 1 },
  }),
};
