/** The level of a log line, as the programs' `LOG_LEVEL` names it. */
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug';

/** The explanation of an event for the reader of a log. The documentation prints it. */
export type EventMeaning = {
  /** All levels at which the event is logged. If there are several, the cause of the event decides. */
  readonly levels: readonly LogLevel[];
  /** What happened, and what the program does about it. */
  readonly meaning: string;
  /** What the reader should do. */
  readonly remedy: string;
};

/** The fields of one log line. Alerts and searches can rely on the name of the event, which never changes. The message text may change. */
export type EventFields<Name extends string> = { readonly event: Name } & Readonly<Record<string, unknown>>;

/** A logger that accepts only log lines with a documented event. A logger of Pino fits this type. */
export interface EventLogger<Name extends string> {
  fatal(fields: EventFields<Name>, message: string): void;
  error(fields: EventFields<Name>, message: string): void;
  warn(fields: EventFields<Name>, message: string): void;
  info(fields: EventFields<Name>, message: string): void;
  debug(fields: EventFields<Name>, message: string): void;
}
