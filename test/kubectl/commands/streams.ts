import type { Kubectl } from '../kubectl.ts';

export function streamCommands(_kubectl: Kubectl): void {}
