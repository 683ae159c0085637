/** The system's Chromium, where there is one. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];

export const chromiumFile = process.env['CHROMIUM'] ?? places.find((file) => existsSync(file));

/** Throws when there is none; suites ask `chromiumFile` first. */
export function launchChromium(): Promise<Browser> {
  if (chromiumFile === undefined) throw new Error('no Chromium is installed');
  return chromium.launch({
    executablePath: chromiumFile,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-sync',
    ],
  });
}
