import { callerEvents } from './router-events/caller-events.ts';
import { fleetEvents } from './router-events/fleet-events.ts';
import { processEvents } from './router-events/process-events.ts';

/** All events in the log of the router. The meaning of a released name never changes. */
export const routerEvents = { ...callerEvents, ...fleetEvents, ...processEvents };

export type RouterEvent = keyof typeof routerEvents;
