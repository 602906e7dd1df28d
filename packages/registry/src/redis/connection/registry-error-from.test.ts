import { describe, expect, test } from '@jest/globals';
import { registryErrorFrom } from './registry-error-from.ts';

const reply = (message: string) => ({ name: 'ReplyError', message });

describe('registryErrorFrom', () => {
  test.each([
    ["READONLY You can't write against a read only replica.", 'READONLY', 'readonly'],
    ['LOADING Redis is loading the dataset in memory', 'LOADING', 'loading'],
    ["OOM command not allowed when used memory > 'maxmemory'.", 'OOM', 'out_of_memory'],
    ['NOAUTH Authentication required.', 'NOAUTH', 'no_auth'],
    ['WRONGPASS invalid username-password pair or user is disabled.', 'WRONGPASS', 'wrong_password'],
    ["NOPERM this user has no permissions to run the 'scan' command", 'NOPERM', 'no_permission'],
    ['CLUSTERDOWN Hash slot not served', 'CLUSTERDOWN', 'cluster_down'],
    ['MOVED 3999 10.9.8.7:6381', 'MOVED', 'cluster_down'],
    ['ASK 3999 10.9.8.7:6381', 'ASK', 'cluster_down'],
    ['TRYAGAIN Multiple keys request during rehashing of slot', 'TRYAGAIN', 'cluster_down'],
    ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", 'MASTERDOWN', 'stale_role'],
    ['MISCONF Redis is configured to save RDB snapshots', 'MISCONF', 'other'],
    ['ERR max number of clients reached', 'ERR', 'other'],
    ['lower case', 'ERR', 'other'],
  ])("names Redis' reply: %s", (message, word, fault) => {
    const error = registryErrorFrom(reply(message));
    expect(error).toMatchObject({ code: 'refused', fault, message: `Redis refused the command: ${word}` });
  });

  test.each([
    [{ code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 10.9.8.7:6379' }, 'connection', 'ECONNREFUSED'],
    [{ code: 'ECONNRESET', message: 'read ECONNRESET' }, 'connection', 'ECONNRESET'],
    [{ code: 'ENOTFOUND', message: 'getaddrinfo ENOTFOUND redis.example.org' }, 'connection', 'ENOTFOUND'],
    [{ code: 'ETIMEDOUT', message: 'connect ETIMEDOUT' }, 'timeout', 'ETIMEDOUT'],
    [{ message: 'Command timed out' }, 'timeout', 'no answer in time'],
    [{ message: "Socket timeout. Expecting data, but didn't receive any in 1000ms." }, 'timeout', 'no answer in time'],
    [{ message: 'timeout' }, 'timeout', 'no answer in time'],
    [{ message: 'Connection is closed.' }, 'connection', 'the connection is closed'],
    [
      { message: 'All sentinels are unreachable. Retrying from scratch after 20ms. Last error: connect ECONNREFUSED' },
      'connection',
      'no sentinel returned a server address',
    ],
    [undefined, 'connection', 'the connection is closed'],
  ])('names the reason of a missing reply: %j', (cause, fault, detail) => {
    const error = registryErrorFrom(cause);
    expect(error).toMatchObject({ code: 'unavailable', fault, message: `Redis is not available: ${detail}` });
  });

  test.each([
    ['Too many Cluster redirections. Last error: ReplyError: MOVED 3999 10.9.8.7:6381', 'cluster_down'],
    ['Too many Cluster redirections. Last error: ReplyError: CLUSTERDOWN The cluster is down', 'cluster_down'],
    ['All sentinels are unreachable. Retrying from scratch after 20ms. Last error: NOAUTH required.', 'no_auth'],
    [
      'All sentinels are unreachable. Retrying from scratch after 20ms. Last error: WRONGPASS invalid',
      'wrong_password',
    ],
  ])('extracts the reply from: %s', (message, fault) => {
    expect(registryErrorFrom({ name: 'Error', message })).toMatchObject({ code: 'refused', fault });
  });

  test('uses the error of the last node of a cluster', () => {
    const error = registryErrorFrom({
      message: 'Failed to refresh slots cache.',
      lastNodeError: reply('NOAUTH Authentication required.'),
    });
    expect(error).toMatchObject({ code: 'refused', fault: 'no_auth' });
  });

  test('returns a RegistryError unchanged', () => {
    const error = registryErrorFrom(reply('OOM'));
    expect(registryErrorFrom(error)).toBe(error);
  });
});
