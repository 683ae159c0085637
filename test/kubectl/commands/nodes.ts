import type { Kubectl } from '../kubectl.ts';

export function nodeCommands(_kubectl: Kubectl): void {}
