/** A command of kubectl: its options, and what it does. */
import type { FlagSpecs } from '../flags.ts';
import type { Session } from '../session.ts';

export interface Verb {
  /** One sentence, for `--help`. */
  readonly summary: string;
  /** What follows the command's name: `[(-f FILENAME | TYPE NAME)] [options]`. */
  readonly usage: string;
  readonly flags: FlagSpecs;
  /** Throws KubectlError or ApiError for what cannot be done. */
  run(session: Session): Promise<void>;
}
