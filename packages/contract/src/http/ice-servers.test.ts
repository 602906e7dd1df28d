import { describe, expect, test } from '@jest/globals';
import { faultsFromZodError } from '../terms/field-fault.ts';
import { iceServersRequestSchema } from './ice-servers.ts';

describe('a request for ICE servers', () => {
  test.each([
    {},
    { userId: 'alice@example.org:7 %s ü 😀' },
    { userId: 'x'.repeat(128), callId: 'c', ttlSeconds: 86_400, maxNodes: 4, transports: ['udp', 'tls'] },
    { requireRegion: 'eu-central-1', preferRegion: 'a', excludeNodes: ['eu-central-1/node-01'] },
  ])('accepts %j', (request) => {
    expect(iceServersRequestSchema.parse(request)).toEqual(request);
  });

  test.each([
    [{ ttlSeconds: -1 }, 'ttlSeconds', 'Too small: expected number to be >=1'],
    [{ ttlSeconds: 0 }, 'ttlSeconds', 'Too small: expected number to be >=1'],
    [{ ttlSeconds: 1e9 }, 'ttlSeconds', 'Too big: expected number to be <=86400'],
    [{ ttlSeconds: 'x' }, 'ttlSeconds', 'Invalid input: expected number, received string'],
    [{ ttlSeconds: 1.5 }, 'ttlSeconds', 'Invalid input: expected int, received number'],
    [{ userId: '' }, 'userId', 'Too small: expected string to have >=1 characters'],
    [{ userId: 'x'.repeat(129) }, 'userId', 'Too big: expected string to have <=128 characters'],
    [{ userId: 'a\r\nb' }, 'userId', 'Invalid string: expected no control characters and no lone surrogates'],
    [{ callId: '\ud800' }, 'callId', 'Invalid string: expected no control characters and no lone surrogates'],
    [
      { requireRegion: 'EU' },
      'requireRegion',
      'Invalid region name: expected 1–63 characters of a–z, 0–9 and "-", not starting with "-"',
    ],
    [{ transports: [] }, 'transports', 'Too small: expected array to have >=1 items'],
    [{ transports: ['sctp'] }, 'transports[0]', 'Invalid option: expected one of "udp"|"tcp"|"tls"'],
    [{ maxNodes: 5 }, 'maxNodes', 'Too big: expected number to be <=4'],
    [{ excludeNodes: ['x'] }, 'excludeNodes[0]', 'Invalid node: expected "<region>/<id>" as in nodes of a response'],
    [
      { excludeNodes: Array.from({ length: 17 }, () => 'a/b') },
      'excludeNodes',
      'Too big: expected array to have <=16 items',
    ],
    [{ colour: 'red' }, 'colour', 'Unknown field'],
    [[], '', 'Invalid input: expected object, received array'],
  ])('rejects %j', (request, field, detail) => {
    const parsed = iceServersRequestSchema.safeParse(request);
    expect(parsed.success ? [] : faultsFromZodError(parsed.error)).toEqual([{ field, detail }]);
  });
});
