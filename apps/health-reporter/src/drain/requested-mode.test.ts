import { describe, expect, test } from '@jest/globals';
import { createModeControl, type RequestedMode, type ModeControl } from './requested-mode.ts';

const commands: Readonly<Record<string, (modeControl: ModeControl) => void>> = {
  term: (modeControl) => modeControl.stop(),
  handover: (modeControl) => modeControl.handOver(),
  usr2: (modeControl) => void modeControl.cancelStop(),
  file: (modeControl) => modeControl.withdraw(true),
  nofile: (modeControl) => modeControl.withdraw(false),
};

describe('the requested mode after a sequence of commands', () => {
  test.each<[sequence: string, mode: RequestedMode]>([
    ['', 'report'],
    ['term', 'stop'],
    ['term term', 'stop_at_once'],
    ['term term term', 'stop_at_once'],
    ['term usr2', 'report'],
    ['term usr2 term', 'stop'],
    ['term term usr2', 'report'],
    ['usr2', 'report'],
    ['file', 'withdraw'],
    ['file file', 'withdraw'],
    ['file nofile', 'report'],
    ['file usr2', 'withdraw'],
    ['file term', 'stop'],
    ['term file', 'stop'],
    ['term file usr2', 'withdraw'],
    ['file term nofile', 'stop'],
    ['file term nofile usr2', 'report'],
    ['handover', 'hand_over'],
    ['handover handover', 'hand_over'],
    ['handover usr2', 'report'],
    ['handover term', 'stop'],
    ['handover file', 'stop'],
    ['term handover', 'stop_at_once'],
    ['file handover', 'stop'],
    ['file handover handover', 'stop_at_once'],
    ['file handover nofile', 'stop'],
    ['file handover usr2', 'withdraw'],
  ])('%s: %s', (sequence, mode) => {
    const modeControl = createModeControl();
    for (const word of sequence.split(' ')) commands[word]?.(modeControl);
    expect(modeControl.current()).toBe(mode);
  });
});

test('the signal fires once, at the next change of the mode', () => {
  const modeControl = createModeControl();
  const first = modeControl.changed();
  modeControl.withdraw(false);
  expect(first.aborted).toBe(false);
  modeControl.withdraw(true);
  expect(first.aborted).toBe(true);
  const second = modeControl.changed();
  expect(second.aborted).toBe(false);
  modeControl.withdraw(true);
  expect(second.aborted).toBe(false);
  modeControl.stop();
  expect(second.aborted).toBe(true);
});

test('cancelStop returns whether a stop was requested', () => {
  const modeControl = createModeControl();
  modeControl.withdraw(true);
  expect(modeControl.cancelStop()).toBe(false);
  modeControl.stop();
  expect(modeControl.cancelStop()).toBe(true);
  expect(modeControl.cancelStop()).toBe(false);
});
