/** Structured logging: a message and fields. Secrets never go into fields. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogRecord {
  level: LogLevel;
  /** Which component speaks: `apiserver`, `scheduler`, `kubelet/node-1` … */
  component: string;
  message: string;
  fields?: Record<string, unknown>;
}

export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
  /** The same log under the name of a part: `log.child('node-1')`. */
  child(component: string): Log;
}

/** A log that hands each record to `sink`. */
export function createLog(component: string, sink: (record: LogRecord) => void): Log {
  const at =
    (level: LogLevel) =>
    (message: string, fields?: Record<string, unknown>): void =>
      sink({ level, component, message, ...(fields ? { fields } : {}) });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (name) => createLog(`${component}/${name}`, sink),
  };
}

export const silentLog: Log = createLog('silent', () => undefined);
