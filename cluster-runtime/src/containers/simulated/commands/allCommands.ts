/** The only list of tools that are programs of our own; other text tools come from the shell library (textTool.ts). */
import type { Program } from '../process/process.ts';

export const allCommands: ReadonlyMap<string, Program> = new Map();
