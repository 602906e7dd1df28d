import { expect, test } from '@jest/globals';
import { reproduceCommand } from './reproduce-command.ts';

test.each([
  [[], {}, 'npm run turnctl -- simulate'],
  [['base', './my fleet.yaml'], { seeds: [1, 2] }, "npm run turnctl -- simulate base './my fleet.yaml' --seeds 1,2"],
  [
    ["it's"],
    { scale: 0.1, strategies: ['cliff'] },
    String.raw`npm run turnctl -- simulate 'it'\''s' --strategies cliff --scale 0.1`,
  ],
] as const)('%j with %j', (scenarios, options, command) => {
  expect(reproduceCommand(scenarios, options)).toBe(command);
});
