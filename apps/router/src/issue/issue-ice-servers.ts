import type { IceServer, IceServersAnswer, IceServersRequest } from '@turn-router/contract/http';
import type { Policy } from '@turn-router/contract/policy';
import type { Placement, RelayNode, RelayReason } from '@turn-router/selection';
import { createOpaqueUserId, issueCredential, type KeyRing, type TurnCredential } from '@turn-router/turn-credentials';
import type { Caller } from '../callers/auth/caller.ts';
import type { Identity } from '../callers/auth/identify-caller.ts';
import { urlsOfNode } from './ice-urls.ts';
import { ProblemError } from '../problem-error.ts';
import type { NodeKeys } from './node-keys.ts';
import type { PlaceAndChoose, Routing } from './routing.ts';

export type IssueIceServersParts = {
  readonly placeAndChoose: PlaceAndChoose;
  readonly routing: Pick<Routing, 'policy'>;
  /** The newest key makes the opaque user ids, whichever key signs the credential. */
  readonly keyRing: KeyRing;
  readonly nodeKeys: Pick<NodeKeys, 'signingKey'>;
  /** Unix time, ms. TURN servers also check the expiry of credentials by Unix time. */
  readonly nowMs: () => number;
  readonly newDecisionId: () => string;
};

/** The response, and the facts about it for log and metrics. */
export type IssuedIceServers = {
  readonly answer: IceServersAnswer;
  readonly placement: Placement;
  readonly reason: RelayReason;
  readonly opaqueUserId: string;
};

export type IssueIceServers = (request: IceServersRequest, identity: Identity) => IssuedIceServers;

/**
 * After this part of the credential TTL, clients should fetch a new credential. This is late enough to be rare, and early enough to retry after a
 * failure.
 */
const refreshPart = 0.7;

/** Creates the main use case: it places the caller, chooses region and nodes, and signs credentials. It uses only data in memory. */
export function createIssueIceServers(parts: IssueIceServersParts): IssueIceServers {
  const { placeAndChoose, routing, keyRing, nodeKeys, nowMs, newDecisionId } = parts;
  const opaqueUserIdOf = createOpaqueUserId(keyRing.keys[0]);
  const serverTime = createTimeFormatter();
  const expiryTime = createTimeFormatter();
  return (request, { caller, address, user }) => {
    const ttlSeconds = credentialTtl(request.ttlSeconds, routing.policy(), caller);
    const { placement, decision } = placeAndChoose(address, caller.scope, {
      ...request,
      maxNodes: request.maxNodes ?? 1,
    });

    const issuedAtMs = nowMs();
    const opaqueUserId = opaqueUserIdOf(user);
    const credentialFor = ({ name, report }: RelayNode) =>
      issueCredential({
        key: nodeKeys.signingKey(name, report),
        opaqueUserId,
        nowMs: issuedAtMs,
        ttlSeconds,
      });
    return {
      answer: {
        iceServers: decision.nodes.flatMap((node) => iceServersOf(node, credentialFor(node), request.transports)),
        ttlSeconds,
        expiresAt: expiryTime(issuedAtMs + ttlSeconds * 1000),
        refreshAfterSeconds: Math.floor(ttlSeconds * refreshPart),
        serverTime: serverTime(issuedAtMs),
        region: decision.region,
        nodes: decision.nodes.map(({ name }) => name),
        ...(decision.spilledFrom === undefined ? {} : { spilledFrom: decision.spilledFrom }),
        ...(decision.overloaded === undefined ? {} : { overloaded: decision.overloaded }),
        decisionId: newDecisionId(),
      },
      placement,
      reason: decision.reason,
      opaqueUserId,
    };
  };
}

/**
 * Returns the credential TTL, seconds. A requested TTL outside the bounds of the policy is an error. The same holds for the bounds of the caller's
 * key, which can be narrower. Anonymous callers get at most `anonymousMaxTtlSeconds`. So do callers with a public key, unless the key has bounds.
 *
 * @throws ProblemError `invalid_request`
 */
export function credentialTtl(requestedSeconds: number | undefined, { credentials }: Policy, caller: Caller): number {
  const { anonymousMaxTtlSeconds, ttlSeconds } = credentials;
  const { min, max } = boundsFor(caller, credentials);
  if (requestedSeconds !== undefined && (requestedSeconds < min || requestedSeconds > max)) {
    const problem = requestedSeconds < min ? 'Too small' : 'Too big';
    const who = caller.kind === 'api-key' ? 'the policy and the API key expect' : 'the policy expects';
    throw ProblemError.fromFaults([{ field: 'ttlSeconds', detail: `${problem}: ${who} ${min} to ${max}` }]);
  }
  const seconds = requestedSeconds ?? Math.min(Math.max(ttlSeconds, min), max);
  const { countsAsAnonymous, minTtlSeconds = 0, maxTtlSeconds } = caller.scope;
  const isAnonymous = caller.kind === 'anonymous' || (countsAsAnonymous === true && maxTtlSeconds === undefined);
  return isAnonymous ? Math.min(seconds, Math.max(anonymousMaxTtlSeconds, minTtlSeconds)) : seconds;
}

/**
 * Narrows the bounds of the policy by the bounds of the key, and never widens them. If a bound of the key is outside of the policy's bounds, the
 * nearest allowed value is used.
 */
function boundsFor({ scope }: Caller, { minTtlSeconds, maxTtlSeconds }: Policy['credentials']) {
  const min = Math.min(Math.max(minTtlSeconds, scope.minTtlSeconds ?? 0), maxTtlSeconds);
  const max = Math.max(min, Math.min(maxTtlSeconds, scope.maxTtlSeconds ?? maxTtlSeconds));
  return { min, max };
}

function iceServersOf(
  node: RelayNode,
  { username, credential }: TurnCredential,
  wanted: IceServersRequest['transports'],
): IceServer[] {
  const { turn, stun } = urlsOfNode(node, wanted);
  return stun === undefined
    ? [{ urls: turn, username, credential }]
    : [{ urls: turn, username, credential }, { urls: stun }];
}

/** Formats times as RFC 3339 without fractions, because a TURN username counts whole seconds. The text of the last second is cached. */
function createTimeFormatter(): (unixMs: number) => string {
  let lastSecond = Number.NaN;
  let text = '';
  return (unixMs) => {
    const second = Math.floor(unixMs / 1000);
    if (second !== lastSecond) {
      text = `${new Date(unixMs).toISOString().slice(0, 'YYYY-MM-DDThh:mm:ss'.length)}Z`;
      lastSecond = second;
    }
    return text;
  };
}
