import type { Kubectl } from '../kubectl.ts';

export function describeCommands(_kubectl: Kubectl): void {}
