/** A cluster's certificates, keys and administrator's token on disk, readable by their owner only. */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { StateFileError } from '../../store/journal/sqliteJournal.ts';
import { certificatesValid, type ClusterCertificates, createCertificates } from './certificates.ts';

export interface ClusterCredentials extends ClusterCertificates {
  /** The bearer token of the kubeconfig's user. */
  readonly adminToken: string;
}

/** `now` is the wall clock's time: clients check certificates by it, whatever the cluster's clock says. */
export const createCredentials = (now: number): ClusterCredentials => ({
  ...createCertificates(now),
  adminToken: randomBytes(32).toString('base64url'),
});

/** Reads `file`, or makes it when it is missing or its certificates are about to end. */
export function loadCredentials(file: string, now: number): ClusterCredentials {
  if (existsSync(file)) {
    const kept = read(file);
    if (certificatesValid(kept, now)) return kept;
  }
  const made = createCredentials(now);
  // In one step: a process that is killed on the way leaves nothing that cannot be read.
  const draft = `${file}.new`;
  writeFileSync(draft, JSON.stringify(made), { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
  return made;
}

function read(file: string): ClusterCredentials {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ClusterCredentials;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new StateFileError(
      'unreadable',
      `${file} is damaged; delete it and start again: the cluster gets new keys, and its kubeconfig is written anew.`,
    );
  }
}
