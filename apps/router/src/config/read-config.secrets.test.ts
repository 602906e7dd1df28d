import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readConfig } from './read-config.ts';

const minimal = { AUTH: 'anonymous', POLICY_FILE: 'policy.yaml', REPORTER_TOKEN: 'token-of-the-reporters' };

test('no fault of the settings shows a secret', () => {
  const part = fc.stringMatching(/^[A-Z]{12}[a-z ,=:/@]{0,12}$/);
  const names = ['TURN_SECRET', 'TURN_SECRETS', 'REDIS_URL', 'REPORTER_TOKEN'] as const;
  fc.assert(
    fc.property(fc.constantFrom(...names), part, (name, hushed) => {
      const shown = JSON.stringify(readConfig({ ...minimal, PORT: 'x', [name]: hushed }));
      expect(shown).toContain('PORT');
      expect(shown).not.toContain(hushed.slice(0, 12));
    }),
  );
});
