export {
  confirmingMax,
  createAssignment,
  knownProbers,
  type Assignment,
  type ConfirmingTarget,
  type Targets,
} from './assignment.ts';
