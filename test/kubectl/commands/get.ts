import type { Kubectl } from '../kubectl.ts';

export function getCommands(_kubectl: Kubectl): void {}
