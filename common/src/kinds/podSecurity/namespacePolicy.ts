/**
 * What a namespace's labels ask for. A label that says nothing sensible is told as an error, and stands for the safe
 * side where it counts: an unreadable level to enforce is `restricted`, one to warn of is none.
 */
import { type FieldError, invalid } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { type Level, levels, type PodPolicy, type PolicyVersion } from './check.ts';

export interface NamespacePolicy {
  readonly enforce: PodPolicy;
  readonly warn: PodPolicy;
  readonly errors: readonly FieldError[];
}

type Labels = Readonly<Record<string, string>>;

const prefix = 'pod-security.kubernetes.io/';
const labelsPath = FieldPath.of('metadata', 'labels');
const none: PodPolicy = { level: 'privileged', version: 'latest' };
const unlabelled: NamespacePolicy = { enforce: none, warn: none, errors: [] };

const modes = ['enforce', 'audit', 'warn'] as const;
const names = modes.flatMap((mode) => [`${prefix}${mode}`, `${prefix}${mode}-version`]);

export function namespacePolicy(labels: Labels = {}): NamespacePolicy {
  if (!names.some((name) => labels[name] !== undefined)) return unlabelled;
  const errors: FieldError[] = [];
  const enforce = readMode('enforce', labels, errors);
  readMode('audit', labels, errors);
  const warn = readMode('warn', labels, errors);
  return {
    enforce: { level: enforce.level ?? (enforce.wrong ? 'restricted' : 'privileged'), version: enforce.version ?? 'latest' },
    warn: inherit(warn, enforce),
    errors,
  };
}

/** Who enforces a level and says nothing of warnings is warned of what would not be let in. */
function inherit(warn: Mode, enforce: Mode): PodPolicy {
  if (warn.level !== undefined || warn.wrong || enforce.level === undefined)
    return { level: warn.level ?? 'privileged', version: warn.version ?? 'latest' };
  return { level: enforce.level, version: warn.version ?? enforce.version ?? 'latest' };
}

interface Mode {
  /** Undefined: not said, or `wrong`. */
  readonly level: Level | undefined;
  readonly wrong: boolean;
  /** Undefined: not said. */
  readonly version: PolicyVersion | undefined;
}

function readMode(mode: (typeof modes)[number], labels: Labels, errors: FieldError[]): Mode {
  const key = `${prefix}${mode}`;
  const [levelText, versionText] = [labels[key], labels[`${key}-version`]];
  const level = levels.find((name) => name === levelText);
  const wrong = levelText !== undefined && level === undefined;
  if (wrong) errors.push(invalid(labelsPath.key(key), levelText, `must be one of ${levels.join(', ')}`));
  if (versionText === undefined) return { level, wrong, version: undefined };
  const version = readVersion(versionText);
  if (version === undefined) errors.push(invalid(labelsPath.key(`${key}-version`), versionText, 'must be "latest" or "v1.x"'));
  return { level, wrong, version: version ?? 'latest' };
}

function readVersion(text: string): PolicyVersion | undefined {
  if (text === 'latest') return text;
  const minor = Number(/^v1\.(0|[1-9]\d*)$/.exec(text)?.[1]);
  return Number.isSafeInteger(minor) ? minor : undefined;
}
