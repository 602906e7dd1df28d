export type { EventFields, EventLogger, EventMeaning, LogLevel } from './event.ts';
export { reporterEvents, type ReporterEvent } from './reporter-events.ts';
export { routerEvents, type RouterEvent } from './router-events.ts';
