export { joinSignals, type JoinedSignals } from './join-signals.ts';
export { startDeadline, type Deadline, type DeadlineOptions } from './start-deadline.ts';
export { withDeadline } from './with-deadline.ts';
