import type { RequestListener } from 'node:http';
import type { Express } from 'express';
import type { IceServersAnswer, Problem } from '@turn-router/contract/http';
import type { NodeReport, Revocation } from '@turn-router/contract/registry';
import type { GeoLocator } from '@turn-router/geo';
import {
  createMemoryAuditLog,
  createMemoryPolicySource,
  createMemoryProofs,
  createMemoryRegistry,
  type AuditLog,
  type NodeRegistry,
  type ProofStore,
} from '@turn-router/registry';
import { createManualClock, type ManualClock } from '@turn-router/testing';
import { createKeyRingOfNode, createOpaqueUserId, nodeKeyRing, type SecretMode } from '@turn-router/turn-credentials';
import request, { type Response, type Test } from 'supertest';
import { createApiKeyCallers } from '../callers/auth/api-keys/api-key-callers.ts';
import { createAuthenticator } from '../callers/auth/authenticate.ts';
import type { Authentication } from '../callers/auth/open-authentication.ts';
import { createFindExclusion } from '../fleet/find-exclusion.ts';
import { createOutsideProofs } from '../fleet/proofs/outside-proofs.ts';
import { createTestProofs, type TestProofs } from '../fleet/proofs/test-proofs.fixture.ts';
import { watchForLeaks } from '../http/leak-watch.fixture.ts';
import type { PublicRoute } from '../http/public-route.ts';
import type { PublicRouteParts } from '../http/public-routes.ts';
import type { Readiness } from '../http/routes/health.ts';
import { createNodeKeys } from '../issue/node-keys.ts';
import { createRouting, type Routing } from '../issue/routing.ts';
import { createLogger } from '../observe/logger.ts';
import { createMetrics } from '../observe/metrics.ts';
import { adminAppOf, publicAppOf } from './create-apps.ts';
import { createAdminApi } from './open-admin.ts';
import { openCallers } from './open-callers.ts';
import { openKnowledge } from './open-knowledge.ts';
import {
  adminTokens,
  apiKeyRecords,
  apiKeys,
  callers,
  figures,
  keyRing,
  places,
  policy,
  reporterToken,
  twoNodes,
} from './test-tables.fixture.ts';

export { adminTokens, apiKeyRecords, apiKeys, callers, figures, keyRing, policy, reporterToken, twoNodes };

type TestAppOptions = {
  readonly routes?: readonly PublicRoute<PublicRouteParts>[];
  readonly nodes?: Readonly<Record<string, NodeReport>>;
  readonly registry?: NodeRegistry;
  /** The proofs of probers over HTTP. Default: in memory. Nodes are judged by `TestApp.proofs` instead. */
  readonly proofs?: ProofStore;
  readonly geo?: GeoLocator;
  readonly authentication?: Pick<Authentication, 'authenticate' | 'isOriginOfKey'>;
  readonly readiness?: () => Readiness;
  readonly trustedProxies?: readonly string[];
  /** Default: x-forwarded-for. */
  readonly clientAddressHeader?: string;
  readonly corsOrigins?: readonly string[];
  /** Default: shared. */
  readonly secretMode?: SecretMode;
  /** null: no token. */
  readonly reporterToken?: string | null;
  /** null: no admin API. */
  readonly adminTokens?: null;
};

export interface TestApp extends AsyncDisposable {
  readonly publicApp: RequestListener;
  readonly adminApp: RequestListener;
  /** The public app, as an Express app. */
  readonly express: Express;
  readonly adminExpress: Express;
  readonly routing: Routing;
  readonly registry: NodeRegistry;
  readonly audit: AuditLog;
  /** Unix time. It advances only when a test advances it. */
  readonly clock: ManualClock;
  /** Monotonic time. It advances only when a test advances it. */
  readonly monotonicClock: ManualClock;
  /** Returns every log line so far. */
  readonly logLines: () => Record<string, unknown>[];
  /** Replaces all nodes before the next request. */
  readonly useNodes: (nodes: Readonly<Record<string, NodeReport>>) => Promise<void>;
  /** Replaces all revocations. */
  readonly revoke: (revocations: ReadonlyMap<string, Revocation>) => Promise<void>;
  /** Reads the registry at once instead of within 400 ms. */
  readonly refresh: () => Promise<void>;
  readonly proofs: TestProofs;
  /** Reads the proofs at once instead of within 5 s, and judges the nodes. */
  readonly refreshProofs: () => Promise<void>;
  /** Returns every secret, credential, user id, token and caller's address that a log line, a problem or the metrics contain. */
  readonly findLeaks: () => Promise<string[]>;
}

/** Creates both apps as the router composes them, with an embedded registry, a table of locations, and fixed clocks and randomness. */
export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const clock = createManualClock(Date.parse('2026-11-21T08:00:00.750Z'));
  const monotonicClock = createManualClock();
  let ids = 0;
  const world = {
    nowMs: clock.now,
    monotonicNowMs: monotonicClock.now,
    random: () => 0.5,
    newId: () => `id-${(ids += 1)}`,
  };
  const keyRings = [keyRing, ...Object.keys(options.nodes ?? twoNodes).map((node) => nodeKeyRing(keyRing, node))];
  const leakWatch = watchForLeaks([
    ...keyRings.flatMap(({ keys }) => keys.map(({ secret }) => secret)),
    reporterToken,
    ...Object.values(adminTokens),
    ...Object.values(apiKeys),
    // Addresses of callers are not secret, but must not be written to logs or metrics either.
    ...Object.values(callers),
  ]);
  const logger = createLogger('trace', { write: leakWatch.onLogLine });
  const metrics = createMetrics();
  const parts = { ...world, logger, metrics };
  const opaqueUserId = createOpaqueUserId(keyRing.keys[0]);
  const audit = createMemoryAuditLog(clock.now);
  const trail = {
    record: (event: Parameters<AuditLog['append']>[0]) => void audit.append(event),
    flush: () => Promise.resolve(),
    countWaiting: () => 0,
  };

  const outside = createOutsideProofs();
  const proofs = createTestProofs();
  const nodeKeys = createNodeKeys(keyRing, createKeyRingOfNode(options.secretMode ?? 'shared', keyRing));
  const findExclusion = createFindExclusion(nodeKeys, { offsetsMs: () => [0] }, outside);
  const routing = createRouting(policy, { ...world, findExclusion });
  const registry = options.registry ?? createMemoryRegistry(monotonicClock.now);
  const proofDoor = options.proofs ?? createMemoryProofs(monotonicClock.now);
  const knowledge = await openKnowledge(
    {
      policySource: createMemoryPolicySource(JSON.stringify(policy), clock.now),
      firstPolicy: { inForce: { policy, version: 1, sha256: '', text: '' } },
      routing,
      geo: options.geo ?? { locate: (address) => places[address] },
      registries: { sources: [{ name: 'embedded', registry }], proofs: [{ name: 'embedded', store: proofs.store }] },
    },
    {
      ...parts,
      // Other suites test the audit entries about policy and nodes.
      trail: { record: () => undefined },
      policyAudit: { changed: () => undefined, refused: () => undefined },
      keptPolicy: { keep: () => undefined },
      replica: { id: 'this', version: '1.2.3' },
      nodeKeys,
      outside,
      // The TURN server of a node whose reporter restarts still answers.
      ask: ({ report }) => Promise.resolve(report.leaving_seconds !== undefined),
      onPolicy: () => undefined,
    },
  );
  const authentication = { ...authenticationByTable(), ...options.authentication };
  const testCallers = await openCallers(
    {
      authentication,
      revocations: { redisUrls: undefined, stateDir: undefined, writesState: false },
      ledger: undefined,
      peers: undefined,
      peerSecret: undefined,
    },
    { ...parts, replicaId: 'this', policy: routing.policy, countReplicas: () => 1, opaqueUserId },
  );
  const { revocations } = testCallers;

  const log = { ...parts, newRequestId: world.newId };
  const express = publicAppOf({
    ...log,
    version: '1.2.3',
    knowledge,
    proofs: proofDoor,
    callers: testCallers,
    readiness:
      options.readiness ??
      (() => ({
        ready: true,
        trust: 'fresh',
        registries: knowledge.fleet.sources(),
        healthyNodes: 2,
        reasons: [],
        mismatchedSecrets: knowledge.fleet.mismatchedNodes(),
        stopping: false,
      })),
    trustedProxies: options.trustedProxies ?? ['127.0.0.1', '::1'],
    clientAddressHeader: options.clientAddressHeader ?? 'x-forwarded-for',
    corsOrigins: options.corsOrigins ?? ['https://app.example.org'],
    keyRing,
    nodeKeys,
    routes: options.routes,
    reporterToken: options.reporterToken === null ? undefined : (options.reporterToken ?? reporterToken),
  });
  const tokens = options.adminTokens === null ? undefined : adminTokens;
  const api = createAdminApi(tokens, {
    audit,
    trail,
    revocations,
    keyRing,
    fleet: knowledge.view,
    nowMs: clock.now,
  });

  const adminExpress = adminAppOf({ ...log, version: '1.2.3', api });
  const app: TestApp = {
    publicApp: leakWatch.around(express),
    adminApp: leakWatch.around(adminExpress),
    express,
    adminExpress,
    routing,
    registry,
    audit,
    clock,
    monotonicClock,
    logLines: leakWatch.logLines,
    async useNodes(nodes) {
      const { records } = await registry.readAll();
      for (const { key } of records) await registry.remove(key);
      for (const [name, report] of Object.entries(nodes)) {
        const [region = '', id = ''] = name.split('/');
        await registry.put({ region, id }, report, 300_000);
      }
      await knowledge.fleet.refresh();
    },
    async revoke(wanted) {
      const { store } = revocations;
      for (const [subject, stored] of (await store.readAll()) ?? []) await store.replace(subject, stored, undefined);
      for (const [subject, each] of wanted) await store.replace(subject, undefined, JSON.stringify(each));
      await revocations.refresh();
    },
    refresh: () => knowledge.fleet.refresh(),
    proofs,
    async refreshProofs() {
      await knowledge.readProofsNow();
      await knowledge.fleet.refresh();
    },
    findLeaks: async () => leakWatch.findLeaks(await metrics.text()),
    async [Symbol.asyncDispose]() {
      await testCallers[Symbol.asyncDispose]();
      await knowledge[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    },
  };
  if (options.registry === undefined) await app.useNodes(options.nodes ?? twoNodes);
  return app;
}

/** Accepts anonymous callers, and callers with an API key of the table. */
function authenticationByTable(): Authentication {
  const keys = createApiKeyCallers({ nowMs: Date.now });
  keys.use(new Map(apiKeyRecords));
  return {
    authenticate: createAuthenticator({ anonymous: true, apiKeys: keys, verifyJwt: undefined }),
    isOriginOfKey: keys.hasOrigin,
    isReady: () => true,
    refresh: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Returns the ICE server with TURN URLs, and its credential. */
export function turnEntry(answer: IceServersAnswer): { urls: string[]; username: string; credential: string } {
  const { urls = [], username = '', credential = '' } = answer.iceServers[0] ?? {};
  return { urls, username, credential };
}

/** Sends POST /v1/ice-servers with this body. */
export function askForRelays(app: TestApp, body: unknown = {}, from: string = callers.london): Test {
  return request(app.publicApp)
    .post('/v1/ice-servers')
    .set('X-Forwarded-For', from)
    .set('Content-Type', 'application/json')
    .send(JSON.stringify(body));
}

/** Returns the expected problem for these invalid fields. */
export function invalidRequest(
  answer: Response,
  faults: readonly (readonly [field: string, detail: string])[],
): Problem {
  return {
    type: 'urn:turn-router:problem:invalid_request',
    title: 'The request is not valid',
    status: 400,
    detail: faults.map(([field, detail]) => (field === '' ? detail : `${field}: ${detail}`)).join('; '),
    code: 'invalid_request',
    requestId: answer.get('x-request-id') ?? '',
    errors: faults.map(([field, detail]) => ({ field, detail })),
  };
}
