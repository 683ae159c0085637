import type { Kubectl } from '../kubectl.ts';

export function rolloutCommands(_kubectl: Kubectl): void {}
