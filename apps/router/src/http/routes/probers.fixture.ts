import type { NodeProof, NodeReport } from '@turn-router/contract/registry';
import { nodeToken } from '@turn-router/turn-credentials';
import request, { type Test } from 'supertest';
import { figures, reporterToken, type TestApp } from '../../compose/test-app.fixture.ts';

/** Nodes whose reporters probe others, such as `eu-central-1/node-0`, `us-east-1/node-1` and `ap-southeast-1/node-2`. */
export function fleetOf(size: number, regions = ['eu-central-1', 'us-east-1', 'ap-southeast-1']) {
  const nodes = Array.from({ length: size }, (_, index): [string, NodeReport] => [
    `${regions[index % regions.length]}/node-${index}`,
    { ...figures, public_ip: `192.0.${Math.floor(index / 250)}.${(index % 250) + 1}`, probes_others: true },
  ]);
  return Object.fromEntries(nodes);
}

export const proof: NodeProof = {
  paths: [{ transport: 'udp', family: 'ipv4', port: 3478, ok: true, roundTripMs: 20.5 }],
  at: 7,
};

/** The requests of one prober, with the token of its node. */
export function proberOf(app: TestApp, prober: string, token = nodeToken(reporterToken, prober)) {
  const authorized = (call: Test) => call.auth(token, { type: 'bearer' });
  const below = `/v1/nodes/${prober}`;
  return {
    targets: (query = '') => authorized(request(app.publicApp).get(`${below}/probe-targets${query}`)),
    target: (name: string) => authorized(request(app.publicApp).get(`${below}/probe-targets/${name}`)),
    put: (target: string, body: object | string | undefined = proof) =>
      authorized(request(app.publicApp).put(`${below}/proofs/${target}`))
        .type('json')
        .send(body),
    read: (body: object) => authorized(request(app.publicApp).post(`${below}/read-proofs`)).send(body),
    credential: (target: string) =>
      authorized(request(app.publicApp).post('/v1/probe-credentials').query({ prober })).send({ target }),
  };
}
