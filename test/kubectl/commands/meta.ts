import type { Kubectl } from '../kubectl.ts';

export function metaCommands(_kubectl: Kubectl): void {}
