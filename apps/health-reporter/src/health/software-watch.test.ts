import { describe, expect, test } from '@jest/globals';
import { isOlderCoturn, recommendedCoturn } from '@turn-router/stun';
import { pino } from 'pino';
import { z } from 'zod';
import { brokenCoturnVersions, coturnVulnerabilities } from './coturn-vulnerabilities.ts';
import { createSoftwareWatch } from './software-watch.ts';

const lineSchema = z.object({ msg: z.string(), holes: z.array(z.string()) });

function warningsFor(...seen: (string | undefined)[]) {
  const lines: z.infer<typeof lineSchema>[] = [];
  const watch = createSoftwareWatch(
    pino({ base: null }, { write: (line) => lines.push(lineSchema.parse(JSON.parse(line))) }),
  );
  for (const software of seen) watch(software);
  return lines.map(({ msg, holes }) => [msg, ...holes.map((hole) => hole.split(':')[0])]);
}

const broken = (version: string) =>
  `coturn ${version} is broken: it sends answers with IP TTL 1, so callers outside of the host do not get them: upgrade to 4.17.2 or later`;

describe('the warning about the version of a TURN server', () => {
  test.each([
    [
      "Coturn-4.6.1 'Gorst'",
      [
        'coturn 4.6.1 has known security vulnerabilities: upgrade to 4.17.2 or later',
        'CVE-2026-27624',
        'CVE-2026-40613',
        'CVE-2026-43994',
        'CVE-2026-53450',
        'CVE-2026-62959',
        'CVE-2026-68552',
        'CVE-2026-73214',
        'CVE-2026-73215',
        'CVE-2026-73216',
      ],
    ],
    [
      'Coturn-4.9.0',
      [
        'coturn 4.9.0 has known security vulnerabilities: upgrade to 4.17.2 or later',
        'CVE-2026-40613',
        'CVE-2026-43994',
        'CVE-2026-53450',
        'CVE-2026-62959',
        'CVE-2026-68552',
        'CVE-2026-73214',
        'CVE-2026-73215',
        'CVE-2026-73216',
      ],
    ],
    [
      'Coturn-4.16.0',
      [
        'coturn 4.16.0 has known security vulnerabilities: upgrade to 4.17.2 or later',
        'CVE-2026-73215',
        'CVE-2026-73216',
      ],
    ],
    ['Coturn-4.17.0', [broken('4.17.0'), 'CVE-2026-73215', 'CVE-2026-73216']],
    ['Coturn-4.17.1', [broken('4.17.1')]],
  ])('warns of %s', (software, warning) => {
    expect(warningsFor(software)).toEqual([warning]);
  });

  test.each(['Coturn-4.17.2', 'Coturn-4.18.0', 'Coturn-5.0.0', 'eturnal', 'P1 STUN library', '', undefined])(
    'does not warn of %j',
    (software) => {
      expect(warningsFor(software)).toEqual([]);
    },
  );

  test.each([
    ['4.6.1', false],
    ['4.6.2', true],
    ['4.7.0', true],
    ['4.8.0', false],
  ])('of %s names a vulnerability that came with 4.6.2: %s', (version, expected) => {
    expect(warningsFor(`Coturn-${version}`).flat().includes('CVE-2025-69217')).toBe(expected);
  });

  test('appears once per version, and again after another version', () => {
    const [old, other] = ["Coturn-4.6.1 'Gorst'", 'Coturn-4.16.0'];
    expect(warningsFor(old, old, undefined, old)).toHaveLength(1);
    expect(warningsFor(old, other, old)).toHaveLength(3);
  });
});

test('the recommended version fixes every vulnerability and defect, and the list is in order of the fixes', () => {
  const fixes = coturnVulnerabilities.map(({ fixedIn }) => fixedIn);
  const mended = brokenCoturnVersions.map(({ fixedIn }) => fixedIn);
  expect([...fixes, ...mended].filter((version) => isOlderCoturn(recommendedCoturn, version))).toEqual([]);
  expect(fixes.toSorted((a, b) => (isOlderCoturn(a, b) ? -1 : 1))).toEqual(fixes);
});
