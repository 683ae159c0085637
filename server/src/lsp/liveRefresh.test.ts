/** When the editor is told to ask for lenses again. */
import type { ClientCapabilities, Connection } from 'vscode-languageserver/node';
import { expect, test } from 'vitest';
import { SteppedClock } from '#common/base/clock.ts';
import { LiveRefresh } from './liveRefresh.ts';

function editor(client: ClientCapabilities = { workspace: { codeLens: { refreshSupport: true } } }) {
  const asked: [method: string, at: number][] = [];
  const clock = new SteppedClock(0);
  const sendRequest = (method: string): Promise<void> => {
    asked.push([method, clock.now()]);
    return Promise.resolve();
  };
  return { clock, asked, refresh: new LiveRefresh({ sendRequest } as unknown as Connection, client, clock) };
}

test('changes that come together are told of once', async () => {
  const { clock, asked, refresh } = editor();
  for (let i = 0; i < 10; i++) refresh.refresh();
  await clock.advance(10_000);
  expect(asked).toEqual([['workspace/codeLens/refresh', 500]]);
});

test('what tells how long ago something was is asked for again after a minute, and no more if nobody looks', async () => {
  const { clock, asked, refresh } = editor();
  refresh.refreshInAMinute();
  await clock.advance(30_000);
  refresh.refreshInAMinute();
  await clock.advance(3_600_000);
  expect(asked).toEqual([['workspace/codeLens/refresh', 60_500]]);
});

test('an editor that cannot be told is left alone, and so is one that has gone', async () => {
  const deaf = editor({});
  deaf.refresh.refresh();
  await deaf.clock.advance(10_000);
  expect(deaf.asked).toEqual([]);
  const gone = editor();
  gone.refresh.refresh();
  gone.refresh.refreshInAMinute();
  gone.refresh.dispose();
  await gone.clock.advance(100_000);
  expect(gone.asked).toEqual([]);
});
