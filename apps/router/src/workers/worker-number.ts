/** Environment variable by which the primary gives a worker its number; nobody else sets it. */
export const workerNumberVariable = 'TURN_ROUTER_WORKER';
