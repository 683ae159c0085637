/** Opens an address in the person's browser. */
import { spawn } from 'node:child_process';

/** Only where a person sits in front of it. */
export function openInBrowser(url: string): void {
  if (!process.stdout.isTTY) return;
  const [command = '', ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  // No browser to open is no failure: the address has been printed.
  child.on('error', () => undefined);
  child.unref();
}
