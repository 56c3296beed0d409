// What the server tells its operator: one line per event, JSON for machines and readable on a terminal.

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** `details` go into the line as fields; an `Error` under the key `error` is written with its stack. */
export type LogLine = (message: string, details?: Readonly<Record<string, unknown>>) => void;

export interface Log {
  readonly trace: LogLine;
  readonly debug: LogLine;
  readonly info: LogLine;
  readonly warn: LogLine;
  readonly error: LogLine;
}

const nothing: LogLine = () => undefined;

export const silentLog: Log = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Writes to standard error, so that standard output is free for what a command answers. Loads nothing when `level` is `silent`. */
export async function createLog(level: LogLevel, terminal = process.stderr.isTTY === true): Promise<Log> {
  if (level === 'silent') return silentLog;
  const { pino } = await import('pino');
  // A pino transport is a worker file, which a bundle does not have: the pretty form is a stream in this process.
  const stream = terminal
    ? (await import('pino-pretty')).default({
        sync: true,
        destination: 2,
        ignore: 'pid,hostname',
        translateTime: 'SYS:HH:MM:ss.l',
        errorLikeObjectKeys: ['error'],
      })
    : pino.destination({ dest: 2, sync: true });
  const logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: pino.stdSerializers.err } },
    stream,
  );
  const line =
    (name: Exclude<LogLevel, 'silent'>): LogLine =>
    (message, details) =>
      details === undefined ? logger[name](message) : logger[name](details, message);
  return { trace: line('trace'), debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}
