/**
 * A window that is loaded again looks like one that closes and one that opens: what the last window ended by closing, the
 * next one goes on with, if it comes soon. Free of the editor.
 */
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const soonMs = 60_000;

const fileIn = (storageFolder: string): string => path.join(storageFolder, 'closed.json');

/** Whether the last window of the workspace has ended its cluster by closing, however long ago. */
export const hasClosed = (storageFolder: string): boolean => existsSync(fileIn(storageFolder));

/** The process is told to end now, which takes its moment. Times are milliseconds of the clock. */
export const noteClosed = (storageFolder: string, pid: number, now: number): Promise<void> =>
  writeFile(fileIn(storageFolder), JSON.stringify({ pid, at: now }));

/** The process that the last window ended, if that was a moment ago. Tells it once. */
export async function takeClosed(storageFolder: string, now: number): Promise<number | undefined> {
  let text: string;
  try {
    text = await readFile(fileIn(storageFolder), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  await rm(fileIn(storageFolder), { force: true });
  const [, pid = '0', at = '0'] = /^\{"pid":(\d+),"at":(\d+)\}$/.exec(text) ?? [];
  return Math.abs(now - Number(at)) < soonMs ? Number(pid) : undefined;
}
