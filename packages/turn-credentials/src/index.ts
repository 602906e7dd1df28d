export {
  apiKeyId,
  apiKeySecretBytes,
  containsApiKey,
  formatApiKey,
  hashApiKey,
  hashToken,
  isAmongHashes,
  looksLikeApiKey,
} from './api-key.ts';
export { findSecretFaults } from './find-secret-faults.ts';
export { issueCredential, type TurnCredential } from './issue-credential.ts';
export {
  isKeyId,
  keyRingFromSecret,
  keyRingText,
  parseKeyRing,
  type KeyRing,
  type ParsedKeyRing,
  type SigningKey,
} from './key-ring.ts';
export { createKeyRingOfNode, nodeKeyRing, type KeyRingOfNode, type SecretMode } from './key-ring-of-node.ts';
export { matchKeys, type KeyMatch, type ProvenKeys } from './match-keys.ts';
export { nodeToken } from './node-token.ts';
export { createOpaqueUserId, createTurnUsers } from './opaque-user-id.ts';
export { readKeyRing, type KeyRingValues, type ReadKeyRing } from './read-key-ring.ts';
export { fingerprintsOf, secretFingerprint } from './secret-fingerprint.ts';
