import type { IceServer, IceServersAnswer, IceServersRequest } from '@turn-router/contract/http';
import type { Policy } from '@turn-router/contract/policy';
import type { Placement, RelayNode, RelayReason } from '@turn-router/selection';
import {
  createOpaqueUserId,
  issueCredential,
  signingKeyFor,
  type KeyRing,
  type KeyRingOfNode,
  type TurnCredential,
} from '@turn-router/turn-credentials';
import type { Caller } from '../callers/auth/caller.ts';
import type { Identity } from '../callers/auth/identify-caller.ts';
import { urlsOfNode } from './ice-urls.ts';
import { ProblemError } from '../problem-error.ts';
import type { ChooseForCaller, Routing } from './routing.ts';

export type IssuerParts = {
  readonly choose: ChooseForCaller;
  readonly routing: Pick<Routing, 'policy'>;
  /** Its newest key makes the opaque user ids, whichever key signs. */
  readonly keyRing: KeyRing;
  readonly keyRingOfNode: KeyRingOfNode;
  /** Unix time, ms. TURN servers check expiry by Unix time too. */
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

/** Part of the credential TTL after which clients should fetch a new one: late enough to be rare, early enough to retry after a failure. */
const refreshPart = 0.7;

/** Creates the main use case: place the caller, choose region and nodes, sign credentials. Uses only data in memory. */
export function createIssuer(parts: IssuerParts): IssueIceServers {
  const { choose, routing, keyRing, keyRingOfNode, nowMs, newDecisionId } = parts;
  const opaqueUserId = createOpaqueUserId(keyRing.keys[0]);
  const serverTime = createTimeFormatter();
  const expiryTime = createTimeFormatter();
  return (request, { caller, address, user }) => {
    const ttlSeconds = credentialTtl(request.ttlSeconds, routing.policy(), caller);
    const { placement, decision } = choose(address, caller.scope, { ...request, maxNodes: request.maxNodes ?? 1 });

    const issuedAtMs = nowMs();
    const userId = opaqueUserId(user);
    const credentialFor = ({ name, report }: RelayNode) =>
      issueCredential({
        key: signingKeyFor(keyRingOfNode(name), report.secret_ids),
        opaqueUserId: userId,
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
      opaqueUserId: userId,
    };
  };
}

/**
 * Returns the credential TTL, seconds. A requested TTL outside the bounds of the policy, or outside the narrower bounds of the caller's key, is an
 * error. Anonymous callers get at most `anonymousMaxTtlSeconds`.
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
  return caller.kind === 'anonymous' ? Math.min(seconds, anonymousMaxTtlSeconds) : seconds;
}

/** Narrows the policy's bounds by those of the key, and never widens them. A key's bound outside of the policy's becomes the nearest allowed value. */
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

/** Formats times as RFC 3339 without fractions, because a TURN username counts whole seconds. Caches the text of the last second. */
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
