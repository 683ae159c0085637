/** A cluster's certificates and keys on disk, readable by their owner only; made when they are missing or about to end. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { certificatesValid, type ClusterCertificates, createCertificates } from './certificates.ts';

/** `now` is the wall clock's time: clients check certificates by it, whatever the cluster's clock says. */
export function loadCertificates(file: string, now: number): ClusterCertificates {
  if (existsSync(file)) {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as ClusterCertificates;
    if (certificatesValid(kept, now)) return kept;
  }
  const made = createCertificates(now);
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  chmodSync(file, 0o600);
  return made;
}
