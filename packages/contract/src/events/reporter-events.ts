import { nodeEvents } from './reporter-events/node-events.ts';
import { watchEvents } from './reporter-events/watch-events.ts';

/** All events in the log of the health-reporter. The meaning of a released name never changes. */
export const reporterEvents = { ...nodeEvents, ...watchEvents };

export type ReporterEvent = keyof typeof reporterEvents;
