import type { Kubectl } from '../kubectl.ts';

export function createCommands(_kubectl: Kubectl): void {}
