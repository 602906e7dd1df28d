export { logCallsOf, type LogCall } from './log-calls.ts';
