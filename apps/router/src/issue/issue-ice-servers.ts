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
  /** Its newest key names users, whichever signs. */
  readonly keyRing: KeyRing;
  readonly keyRingOfNode: KeyRingOfNode;
  /** Unix time, ms: TURN servers judge expiry by theirs. */
  readonly nowMs: () => number;
  readonly newDecisionId: () => string;
};

/** The answer, and what the log and the metrics say of it. */
export type IssuedIceServers = {
  readonly answer: IceServersAnswer;
  readonly placement: Placement;
  readonly reason: RelayReason;
  readonly opaqueUserId: string;
};

export type IssueIceServers = (request: IceServersRequest, identity: Identity) => IssuedIceServers;

/** Part of a credential's life after which to fetch the next one: late enough to be rare, early enough to fail and try again. */
const refreshPart = 0.7;

/** The main job: where is the caller, which region, which node, sign, answer. From memory alone. */
export function createIssuer(parts: IssuerParts): IssueIceServers {
  const { choose, routing, keyRing, keyRingOfNode, nowMs, newDecisionId } = parts;
  const opaqueUserId = createOpaqueUserId(keyRing.keys[0]);
  const serverTime = createTimeText();
  const expiryTime = createTimeText();
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
 * How long a credential lives, seconds. A wish outside the bounds of the policy, or the narrower ones of the caller's key, is an error;
 * within them, anonymous callers still get no more than the policy grants to who shows no token.
 *
 * @throws ProblemError `invalid_request`
 */
export function credentialTtl(wishedSeconds: number | undefined, { credentials }: Policy, caller: Caller): number {
  const { anonymousMaxTtlSeconds, ttlSeconds } = credentials;
  const { min, max } = boundsFor(caller, credentials);
  if (wishedSeconds !== undefined && (wishedSeconds < min || wishedSeconds > max)) {
    const problem = wishedSeconds < min ? 'Too small' : 'Too big';
    const who = caller.kind === 'api-key' ? 'the policy and the API key expect' : 'the policy expects';
    throw ProblemError.fromFaults([{ field: 'ttlSeconds', detail: `${problem}: ${who} ${min} to ${max}` }]);
  }
  const seconds = wishedSeconds ?? Math.min(Math.max(ttlSeconds, min), max);
  return caller.kind === 'anonymous' ? Math.min(seconds, anonymousMaxTtlSeconds) : seconds;
}

/** A key narrows the policy's bounds and never widens them; of one that lies outside of them the nearest that they allow is left. */
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

/** RFC 3339 without fractions: a TURN username counts whole seconds. Most answers of a second say the same. */
function createTimeText(): (unixMs: number) => string {
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
