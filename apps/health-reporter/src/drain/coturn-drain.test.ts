import { describe, expect, test } from '@jest/globals';
import { findDrainRefusal, parsePidFile } from './coturn-drain.ts';

const tooOld = (version: string) =>
  `it is coturn ${version}, which the signal would end: coturn drains by it from 4.6.3 on`;
const another = (software: string) => `it says that it is "${software}": only coturn drains by a signal`;

describe('a TURN server that may be signalled', () => {
  test.each(['Coturn-4.6.3', "Coturn-4.6.3 'Gorst'", 'Coturn-4.7.0', 'Coturn-4.17.2', 'Coturn-5.0.0', 'Coturn-10.0.0'])(
    '%s',
    (software) => {
      expect(findDrainRefusal(software)).toBeUndefined();
    },
  );
});

describe('a TURN server that must not', () => {
  test.each<[software: string | undefined, refusal: string]>([
    ["Coturn-4.6.2 'Gorst'", tooOld('4.6.2')],
    ["Coturn-4.6.1 'Gorst'", tooOld('4.6.1')],
    ['Coturn-4.5.9', tooOld('4.5.9')],
    ['Coturn-3.9.9', tooOld('3.9.9')],
    ['Coturn-4.6', another('Coturn-4.6')],
    ['TurnServer-4.17.2', another('TurnServer-4.17.2')],
    ['not Coturn-4.17.2', another('not Coturn-4.17.2')],
    ['eturnal 1.12.2', another('eturnal 1.12.2')],
    ['', another('')],
    [
      undefined,
      'it has not said what it is: coturn does from 4.7.0 on only with software-attribute in its configuration',
    ],
  ])('%s', (software, refusal) => {
    expect(findDrainRefusal(software)).toBe(refusal);
  });
});

test.each<[text: string, pid: number | undefined]>([
  ['4711\n', 4711],
  [' 4711 ', 4711],
  ['1', 1],
  ['', undefined],
  ['0', undefined],
  ['-1', undefined],
  ['+7', undefined],
  ['007', undefined],
  ['4711 4712', undefined],
  ['4711.5', undefined],
  ['0x10', undefined],
  ['99999999999', undefined],
  ['coturn', undefined],
])('a pid file with %j', (text, pid) => {
  expect(parsePidFile(text)).toBe(pid);
});
