/** Applies folders of manifests and shows, live, how their objects become ready and where they answer. */
import { request } from 'node:http';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Service } from '#common/schema/generated/types.ts';
import type { ApiConnection } from './apiConnection.ts';
import { type AppliedObject, applyManifests, followUntilReady, progressOf } from './applyManifests.ts';
import { readManifests } from './manifests.ts';
import type { Report } from './report.ts';

/** How long to wait for one folder's objects before going on; they go on becoming ready. */
const patienceMs = 120_000;

export async function applyAndFollow(api: ApiConnection, locations: readonly string[], report: Report, signal: AbortSignal): Promise<void> {
  const applied: AppliedObject[] = [];
  for (const location of locations.flatMap(units)) applied.push(...(await applyUnit(api, location, report, signal)));
  if (signal.aborted) return;
  const urls = await answeringUrls(applied.map(({ object }) => object).filter((object) => object.kind === 'Service') as Service[]);
  if (urls.length === 0) return;
  report.line('Open:');
  for (const { url, name } of urls) report.line(`  ${url}  ${name}`);
  report.line();
}

/** A folder of folders is applied one after the other, so that each is seen to come up. */
function units(location: string): string[] {
  if (!statSync(location, { throwIfNoEntry: false })?.isDirectory()) return [location];
  const entries = readdirSync(location, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  return folders.length === entries.length && folders.length > 0 ? folders.map(({ name }) => path.join(location, name)).sort() : [location];
}

async function applyUnit(api: ApiConnection, location: string, report: Report, signal: AbortSignal): Promise<AppliedObject[]> {
  const manifests = await readManifests(location);
  report.line(location);
  const applied = await applyManifests(api, manifests, () => undefined);
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  await Promise.all(
    applied.map(async (entry) => {
      const line = report.live(`  … ${entry.label}`);
      let last = progressOf(entry.object);
      await followUntilReady(
        api,
        entry,
        (progress) => {
          last = progress;
          line.update(`  ${progress.done ? '✓' : '…'} ${entry.label}  ${progress.text}`);
        },
        deadline,
      );
      line.settle(`  ${last.done ? '✓' : '…'} ${entry.label}  ${last.text}`);
    }),
  );
  report.line();
  return applied;
}

/** The node ports that answer HTTP on this machine. */
export async function answeringUrls(services: readonly Service[]): Promise<{ url: string; name: string }[]> {
  const candidates = services.flatMap((service) =>
    (service.spec?.ports ?? [])
      .filter((port) => port.nodePort !== undefined && (port.protocol ?? 'TCP') === 'TCP')
      .map((port) => ({ url: `http://127.0.0.1:${port.nodePort}`, name: service.metadata.name ?? '' })),
  );
  const answers = await Promise.all(candidates.map(({ url }) => answers200ish(url)));
  return candidates.filter((_, i) => answers[i]);
}

function answers200ish(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const req = request(url, { timeout: 2_000 }, (answer) => {
      answer.resume();
      resolve((answer.statusCode ?? 500) < 500);
    });
    req.on('timeout', () => req.destroy());
    req.on('error', () => resolve(false));
    req.end();
  });
}
