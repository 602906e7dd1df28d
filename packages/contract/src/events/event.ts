/** The level of a log line, as the programs' `LOG_LEVEL` names it. */
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug';

/** What a person needs to know who meets an event in a log. The documentation prints this. */
export type EventMeaning = {
  /** Each level at which the event is logged. More than one only where the cause decides. */
  readonly levels: readonly LogLevel[];
  /** What happened, and what the program does about it. */
  readonly meaning: string;
  /** What the reader should do. */
  readonly remedy: string;
};

/** The fields of one log line. The name of the event is stable: alerts and searches hold on to it; the text beside it may change. */
export type EventFields<Name extends string> = { readonly event: Name } & Readonly<Record<string, unknown>>;

/** A logger that takes no line without a documented event. Pino's logger is one. */
export interface EventLogger<Name extends string> {
  fatal(fields: EventFields<Name>, message: string): void;
  error(fields: EventFields<Name>, message: string): void;
  warn(fields: EventFields<Name>, message: string): void;
  info(fields: EventFields<Name>, message: string): void;
  debug(fields: EventFields<Name>, message: string): void;
}
