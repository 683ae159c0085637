/** What an update changed in a structure that may not change, as Kubernetes shows it: both sides as JSON, line by line. */
import { unifiedDiff } from '../podSpec/lineDiff.ts';

const lines = (value: unknown): string[] => JSON.stringify(value, null, 1).split('\n');

export const structureDiff = (before: unknown, after: unknown): string => unifiedDiff(lines(before), lines(after));
