/**
 * What is said between a cluster's process and whoever starts it: its options (JSON in its first argument), the one line
 * with which it answers, and the record in its state folder by which others find it.
 */
export interface RuntimeOptions {
  readonly nodes: number;
  /** The nodes of a new cluster stand in these zones in turn. */
  readonly zones?: readonly string[] | undefined;
  /** Of each node of a new cluster; quantities. */
  readonly nodeCpu?: string | undefined;
  readonly nodeMemory?: string | undefined;
  /** 0: the port of the last run, or any free one. */
  readonly port: number;
  /** A folder, or `memory`; undefined: the user's data folder. */
  readonly state: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly speed: number;
  readonly latency: 'typical' | 'none';
  readonly seed: number | undefined;
  /** A new cluster comes without add-ons: no default StorageClass, no metrics API. */
  readonly bare?: boolean | undefined;
  /** A KubeSchedulerConfiguration. */
  readonly schedulerConfig?: string | undefined;
  /** The cluster ends when nobody uses it any more; without, it runs until it is told to end. */
  readonly leases?: LeaseOptions | undefined;
}

/** Where windows say that they use the cluster: a file each, named as `leaseName` says. */
export interface LeaseOptions {
  readonly folder: string;
  /** How long after the last of them the cluster runs on: a window that is loaded again is gone for some seconds. */
  readonly lingerMs: number;
}

/** The process that uses the cluster, then what tells several windows in one process apart. */
export const leaseName = (pid: number, window: number): string => `${pid}-${window}`;
/** NaN for a file that is no process' lease. */
export const processOfLease = (name: string): number => Number(/^(\d+)-\d+$/.exec(name)?.[1] ?? NaN);
/** The lease of a cluster that is to outlive its windows. */
export const keptLease = 'kept';

export interface RuntimeReady {
  readonly ready: true;
  /** From the start of the process until the API answered and every node was ready. */
  readonly ms: number;
  readonly server: string;
  readonly kubeconfig: string;
  readonly pid: number;
}

/** The first line on the process' stdout: that it is ready, or why it cannot become it. */
export type RuntimeAnswer = RuntimeReady | { readonly ready: false; readonly problem: string };

/** `running.json` in the state folder. */
export interface RunningRecord {
  readonly pid: number;
  readonly server: string;
  readonly kubeconfig: string;
  /** RFC 3339. */
  readonly startedAt: string;
}

export const runningRecordFile = 'running.json';

/** The record, or undefined for what is none: a process that was killed may have left it half-written. */
export function parseRunningRecord(text: string): RunningRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const record = value as Partial<RunningRecord> | null;
  return typeof record?.pid === 'number' && typeof record.server === 'string' && typeof record.kubeconfig === 'string'
    ? (record as RunningRecord)
    : undefined;
}
