import { expect, test } from '@jest/globals';
import { settings } from './settings.ts';
import { usage } from './usage.ts';

test('every setting stands in the usage with its default, its meaning and what is expected', () => {
  const text = usage();
  for (const name of Object.keys(settings)) expect(text).toMatch(new RegExp(`^  ${name}[ ,]`, 'm'));
  expect(text).toContain(
    [
      '  REPORT_INTERVAL_SECONDS (default 5)',
      '      Between two reports, ±10 %; a report lives three intervals. Shorter: failures show sooner, more probes.',
      '      Expected: a number from 0.1 to 60.',
      '',
    ].join('\n'),
  );
  expect(text).toContain('  TURN_SECRET, TURN_SECRET_FILE (no default)\n');
  expect(text).toContain('  REGION (required)\n');
});
