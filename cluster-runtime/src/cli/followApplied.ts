/** Shows, live, how applied objects become ready. */
import type { ApiConnection } from './apiConnection.ts';
import type { AppliedObject } from './applyManifests.ts';
import { PodNotes } from './podNotes.ts';
import { type AnyObject, type Progress, progressOf } from './progress.ts';
import type { Report } from './report.ts';

/** How long to wait for one object before going on; it goes on becoming ready by itself. */
const patienceMs = 120_000;
/** How long something may be stuck: many a program fails until what it needs is there. */
const stuckPatienceMs = 5_000;

export interface AppliedGroup {
  readonly title: string;
  readonly applied: readonly AppliedObject[];
}

const marks: Record<Progress['state'], string> = { ready: '✓', waiting: '…', stuck: '✗', failed: '✗' };

/** Follows group by group until each object is ready, has failed or has been waited for long enough. */
export async function followApplied(
  api: ApiConnection,
  groups: readonly AppliedGroup[],
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const finished = new AbortController();
  const notes = new PodNotes(api, AbortSignal.any([signal, finished.signal]));
  for (const { title, applied } of groups) {
    if (signal.aborted) break;
    report.line(title);
    const width = Math.max(...applied.map(({ label }) => label.length));
    await Promise.all(applied.map((entry) => followOne(api, entry, width, notes, report, signal)));
    report.line();
  }
  finished.abort();
}

async function followOne(
  api: ApiConnection,
  entry: AppliedObject,
  width: number,
  notes: PodNotes,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const render = ({ state, text }: Progress): string => `  ${marks[state]} ${entry.label.padEnd(width)}  ${text}`.trimEnd();
  let last = progressOf(entry.object);
  const line = report.live(render(last));
  if (last.state !== 'ready') {
    const enough = new AbortController();
    await follow(api, entry, notes, AbortSignal.any([signal, enough.signal, AbortSignal.timeout(patienceMs)]), (progress) => {
      last = progress;
      line.update(render(progress));
      return progress.state === 'ready' || progress.state === 'failed';
    });
  }
  line.settle(render(last));
}

/** Calls back with each step until that returns true, the object is stuck for good, or the signal aborts. */
async function follow(
  api: ApiConnection,
  { collection, object }: AppliedObject,
  notes: PodNotes,
  signal: AbortSignal,
  onProgress: (progress: Progress) => boolean,
): Promise<void> {
  const namespace = object.metadata.namespace ?? '';
  const done = new AbortController();
  let current = object;
  let stuckTimer: NodeJS.Timeout | undefined;
  const step = (): void => {
    if (done.signal.aborted) return;
    const progress = withNote(current, notes);
    if (progress.state !== 'stuck') {
      clearTimeout(stuckTimer);
      stuckTimer = undefined;
    }
    if (onProgress(progress)) done.abort();
    else if (progress.state === 'stuck') stuckTimer ??= setTimeout(() => done.abort(), stuckPatienceMs);
  };
  const stopListening = notes.onChange(namespace, step);
  try {
    await api.watch<AnyObject>(
      `${collection}?watch=true&fieldSelector=metadata.name%3D${encodeURIComponent(object.metadata.name ?? '')}`,
      (type, next) => {
        if (type !== 'ADDED' && type !== 'MODIFIED') return false;
        current = next;
        step();
        return done.signal.aborted;
      },
      AbortSignal.any([signal, done.signal]),
    );
  } finally {
    clearTimeout(stuckTimer);
    stopListening();
  }
}

/** The object's own word first, then what keeps its pods from being ready. */
function withNote(object: AnyObject, notes: PodNotes): Progress {
  const progress = progressOf(object);
  if (progress.state === 'ready' || progress.state === 'failed') return progress;
  const note = notes.of(object);
  if (!note) return progress;
  // A pod that failed is replaced by its workload, so it is the workload that has the last word.
  const state = note.state === 'failed' ? 'waiting' : note.state;
  return { state, text: object.kind === 'Pod' ? note.text : `${progress.text}, ${note.text}` };
}
