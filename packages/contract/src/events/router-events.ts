import type { EventMeaning } from './event.ts';

/** Every event in the log of the router. A name that was released never changes its meaning. */
export const routerEvents = {
  'router.listening': {
    levels: ['info'],
    meaning: 'The router accepts requests.',
    remedy: 'None.',
  },
} as const satisfies Record<string, EventMeaning>;

export type RouterEvent = keyof typeof routerEvents;
