/** Names: `nslookup` and `getent hosts`. */
import { isAddress, lookUp } from '../net/dial.ts';
import type { Program } from '../process/process.ts';

const domain = 'cluster.local';

/** The name in full, as cluster DNS answers it. */
function fullName(name: string, namespace: string): string {
  if (name.endsWith('.')) return name.slice(0, -1);
  if (name.endsWith(`.${domain}`)) return name;
  const labels = name.split('.');
  if (labels.length === 1) return `${name}.${namespace}.svc.${domain}`;
  if (labels.at(-1) === 'svc') return `${name}.${domain}`;
  return labels.length === 2 ? `${name}.svc.${domain}` : name;
}

export const nslookup: Program = async (process) => {
  const [name] = process.args.filter((arg) => !arg.startsWith('-'));
  if (name === undefined) {
    await process.error(
      'BusyBox v1.37.0 (2024-09-26 21:31:42 UTC) multi-call binary.\n\nUsage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]\n',
    );
    return 1;
  }
  await process.out(`Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n`);
  const addresses = lookUp(process.container, name);
  if (addresses.length === 0) {
    await process.out(`** server can't find ${name}: NXDOMAIN\n\n`);
    return 1;
  }
  const shown = isAddress(name) || name === 'localhost' ? name : fullName(name, process.container.spec.pod.namespace);
  await process.out(`${addresses.map((address) => `Name:\t${shown}\nAddress: ${address}\n`).join('')}\n`);
  return 0;
};

export const getent: Program = async (process) => {
  const [database, name] = process.args;
  if (database === 'hosts' || database === 'ahosts') {
    const [address] = lookUp(process.container, name ?? '');
    if (address === undefined) return 2;
    await process.out(
      `${address.padEnd(15)} ${isAddress(name ?? '') ? name : fullName(name ?? '', process.container.spec.pod.namespace)}\n`,
    );
    return 0;
  }
  if (database !== 'passwd' && database !== 'group') {
    await process.error(`Unknown database: ${database ?? ''}\n`);
    return 1;
  }
  const lines = process.container.files.readText(`/etc/${database}`).split('\n');
  const found = lines.filter((line) => line !== '' && (name === undefined || line.startsWith(`${name}:`)));
  for (const line of found) await process.out(`${line}\n`);
  return found.length > 0 ? 0 : 2;
};
