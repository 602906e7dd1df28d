import { afterAll, beforeAll } from '@jest/globals';
import { startRedis, type RedisServer } from '@turn-router/testing';
import { describeImports } from './import-entries.contract.ts';
import { describeKeyOperations } from './keys/keys.contract.ts';
import { describeRevocationOperations } from './revocations/revocations.contract.ts';
import { openInRedis } from './stores.fixture.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

async function open() {
  await server.cli('FLUSHALL');
  return openInRedis(server.url);
}

describeKeyOperations('in Redis', open);
describeRevocationOperations('in Redis', open);
describeImports('in Redis', open);
