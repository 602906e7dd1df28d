export { coturnAnswerSchema, type CoturnAnswer } from './coturn-answer.ts';
export {
  iceServerSchema,
  iceServersAnswerSchema,
  iceServersRequestSchema,
  type IceServer,
  type IceServersAnswer,
  type IceServersRequest,
} from './ice-servers.ts';
export { problemSchema, type Problem } from './problem.ts';
export type { ProblemActor, ProblemCode, ProblemEntry, ProblemRetry } from './problem-code.ts';
export { problems, problemType } from './problem-codes.ts';
export {
  probeCredentialAnswerSchema,
  probeCredentialQuerySchema,
  probeCredentialRequestSchema,
  probeCredentialTtlSeconds,
  probeTargetsAnswerSchema,
  probeTargetsPageMax,
  probeTargetsQuerySchema,
  proofKeysMax,
  readProofsAnswerSchema,
  readProofsRequestSchema,
  type ProbeTargetsAnswer,
} from './probers.ts';
export {
  placementRungs,
  placementRungSchema,
  regionAnswerSchema,
  type PlacementRung,
  type RegionAnswer,
} from './region-answer.ts';
export { ttlSecondsLimit } from '../terms/credential-ttl.ts';
export {
  faultsFromZodError,
  fieldFaultSchema,
  fieldFromPath,
  locatedFaults,
  type FieldFault,
} from '../terms/field-fault.ts';
export { identifierSchema } from '../terms/text.ts';
export { transportSchema, type Transport } from '../terms/transport.ts';
