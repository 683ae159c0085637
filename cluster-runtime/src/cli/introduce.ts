/** What `start` says once the cluster is ready: what runs and where to look, what was applied, and how to go on. */
import type { RuntimeReady } from '#common/protocol/runtime.ts';
import type { NodeList } from '#common/schema/generated/types.ts';
import type { ApiConnection } from './apiConnection.ts';
import { applyManifests } from './applyManifests.ts';
import { type AppliedGroup, followApplied } from './followApplied.ts';
import type { ManifestGroup } from './manifests.ts';
import { type Report, table } from './report.ts';
import { answeringUrls } from './urls.ts';

/** Throws CliError when a manifest is refused. Ends early, without a word, when the signal aborts. */
export async function introduce(
  api: ApiConnection,
  ready: RuntimeReady,
  groups: readonly ManifestGroup[],
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  try {
    report.line(`Kubernetes 1.36 is ready in ${ready.ms} ms`);
    report.line();
    report.line(`  API         ${ready.server}`);
    report.line(`  kubeconfig  ${ready.kubeconfig}`);
    report.line();
    await showNodes(api, report);
    // Everything is applied before the first is waited for, so that all of it comes up side by side.
    const applied: AppliedGroup[] = [];
    for (const { title, manifests } of groups) {
      if (signal.aborted) return;
      applied.push({ title, applied: await applyManifests(api, manifests) });
    }
    await followApplied(api, applied, report, signal);
    const urls = signal.aborted ? [] : await answeringUrls(api);
    if (signal.aborted) return;
    if (urls.length > 0) {
      report.line('These answer:');
      for (const { url, name } of urls) report.line(`  ${url}  ${name}`);
      report.line();
    }
    report.line('Go on with:');
    report.line(`  export KUBECONFIG=${quoted(ready.kubeconfig)}`);
    report.line('  kubectl get pods -A');
    report.line();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** More nodes than this would push everything else off the screen. */
const mostNodes = 10;

async function showNodes(api: ApiConnection, report: Report): Promise<void> {
  const { items } = await api.get<NodeList>('/api/v1/nodes');
  if (items.length === 0) return;
  const rows = items
    .slice(0, mostNodes)
    .map(({ metadata, status }) => [
      metadata.name ?? '',
      status?.conditions?.find((c) => c.type === 'Ready')?.status === 'True' ? 'Ready' : 'NotReady',
      status?.capacity?.['cpu'] ?? '',
      status?.capacity?.['memory'] ?? '',
      status?.capacity?.['pods'] ?? '',
    ]);
  for (const row of table([['NODE', 'STATUS', 'CPU', 'MEMORY', 'PODS'], ...rows])) report.line(`  ${row}`);
  if (items.length > mostNodes) report.line(`  … and ${items.length - mostNodes} more`);
  report.line();
}

/** For a shell, where the path needs it. */
const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
