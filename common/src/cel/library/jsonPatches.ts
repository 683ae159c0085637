/** What only expressions that make JSON patches may call. */
import { type CelFunction, fn } from '../environment.ts';

export const jsonPatchFunctions: readonly CelFunction[] = [
  fn('jsonpatch.escapeKey(string): string', (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')),
];
