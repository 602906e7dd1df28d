import type { EventMeaning } from './event.ts';

/** Every event in the log of the health-reporter. A name that was released never changes its meaning. */
export const reporterEvents = {
  'reporter.started': {
    levels: ['info'],
    meaning: 'The health-reporter has started and reports one node.',
    remedy: 'None.',
  },
} as const satisfies Record<string, EventMeaning>;

export type ReporterEvent = keyof typeof reporterEvents;
