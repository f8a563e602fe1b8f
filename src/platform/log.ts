import type { Instant } from './clock.ts';

export type Severity = 'debug' | 'info' | 'warning' | 'error' | 'critical';

export interface LogEntry {
  readonly time: Instant;
  readonly severity: Severity;
  /** RouterOS' topics: "system", "certificate", "account", "script". */
  readonly topics: readonly string[];
  readonly message: string;
}

/** Where log entries go outside the process (standard error, syslog). Must not fail. */
export interface LogSink {
  write(entry: LogEntry): void;
}
