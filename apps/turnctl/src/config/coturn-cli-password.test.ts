import { expect, test } from '@jest/globals';
import { coturnCliPassword } from './coturn-cli-password.ts';

test('hashes a password like turnadmin -P of coturn 4.6.1', () => {
  expect(coturnCliPassword('pass-word-1', Buffer.from('e9deef5d1f107d54', 'hex'))).toBe(
    '$5$e9deef5d1f107d54$395617a972a2d218e76f0c35d5298118af607a79d9852b66df513101f4bf1dd0',
  );
});
