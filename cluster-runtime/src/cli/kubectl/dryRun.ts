/** `--dry-run=none|client|server`, and the other options of commands that write. */
import { bool, type FlagSpecs, text } from './flags.ts';
import { plainError } from './kubectlError.ts';
import type { Session } from './session.ts';

export const writeFlags: FlagSpecs = {
  'dry-run': { kind: 'string', bare: 'unchanged' },
  'field-manager': text,
  validate: { kind: 'string', bare: 'strict' },
  'save-config': bool,
  record: bool,
};

export type DryRun = 'none' | 'client' | 'server';

export function dryRunOf(session: Session): DryRun {
  const given = session.flags.text('dry-run');
  switch (given) {
    case undefined:
    case 'none':
    case 'false':
      return 'none';
    case 'client':
    case 'true':
    case 'unchanged':
      return 'client';
    case 'server':
      return 'server';
  }
  throw plainError(`Invalid dry-run value (${given}). Must be "none", "server", or "client".`);
}

export const dryRunSuffix = (dryRun: DryRun): string =>
  dryRun === 'none' ? '' : dryRun === 'client' ? ' (dry run)' : ' (server dry run)';

/** The query of a write. */
export function writeQuery(session: Session, manager: string): Record<string, string | undefined> {
  const validate = session.flags.text('validate') ?? 'strict';
  const validations: Readonly<Record<string, string>> = {
    strict: 'Strict',
    true: 'Strict',
    warn: 'Warn',
    ignore: 'Ignore',
    false: 'Ignore',
  };
  return {
    fieldManager: session.flags.text('field-manager') ?? manager,
    fieldValidation: Object.hasOwn(validations, validate) ? validations[validate] : 'Strict',
    dryRun: dryRunOf(session) === 'server' ? 'All' : undefined,
  };
}
