/** `test` and `[` as programs: `kubectl exec pod -- test -f /ready`, exec probes. */
import type { Program } from '../process/process.ts';
import { evaluateTest, TestError } from '../shell/conditions.ts';

export const test: Program = async (process) => {
  const isBracket = process.argv[0]?.endsWith('[') ?? false;
  if (isBracket && process.args.at(-1) !== ']') {
    await process.error("[: missing ']'\n");
    return 2;
  }
  try {
    return evaluateTest({ process, cwd: process.cwd }, isBracket ? process.args.slice(0, -1) : process.args) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestError)) throw error;
    await process.error(`test: ${error.message}\n`);
    return 2;
  }
};
