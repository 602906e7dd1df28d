import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { freePort } from '../../fixtures/free-port.ts';
import { answersStun } from './answers-stun.ts';

describe('answersStun', () => {
  test('returns false for a closed port and for a server that does not answer', async () => {
    expect(await answersStun('127.0.0.1', await freePort())).toBe(false);
    const silent = createSocket('udp4').bind(0, '127.0.0.1');
    await once(silent, 'listening');
    expect(await answersStun('127.0.0.1', silent.address().port, 20)).toBe(false);
    silent.close();
  });
});
