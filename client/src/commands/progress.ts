import * as vscode from 'vscode';

/** Shows a notification while `act` runs. True when it came to its end, false when a person stopped it. */
export function withAbortableProgress(
  title: string,
  act: (say: (text: string) => void, signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return Promise.resolve(
    vscode.window.withProgress(options, async (progress, token) => {
      const stop = new AbortController();
      const listener = token.onCancellationRequested(() => stop.abort());
      try {
        await act((message) => progress.report({ message }), stop.signal);
        return true;
      } catch (error) {
        if (stop.signal.aborted) return false;
        throw error;
      } finally {
        listener.dispose();
      }
    }),
  );
}
