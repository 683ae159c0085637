/** Time of this process: what the clock on the wall says, and what the processor was busy, which others on the machine do not change much. */
export interface Elapsed {
  readonly seconds: number;
  readonly processorSeconds: number;
}

/** Call what it returns for the time since. */
export function stopwatch(): () => Elapsed {
  const from = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { seconds: (performance.now() - from) / 1e3, processorSeconds: (user + system) / 1e6 };
  };
}
