import { describe, expect, test } from '@jest/globals';
import { createOrders, type Order, type OrderControl } from './orders.ts';

const given: Readonly<Record<string, (orders: OrderControl) => void>> = {
  term: (orders) => orders.leave(),
  usr2: (orders) => void orders.cancelLeave(),
  file: (orders) => orders.stayAway(true),
  nofile: (orders) => orders.stayAway(false),
};

describe('the order after a sequence of commands', () => {
  test.each<[said: string, order: Order]>([
    ['', 'report'],
    ['term', 'leave'],
    ['term term', 'leave_at_once'],
    ['term term term', 'leave_at_once'],
    ['term usr2', 'report'],
    ['term usr2 term', 'leave'],
    ['term term usr2', 'report'],
    ['usr2', 'report'],
    ['file', 'stay_away'],
    ['file file', 'stay_away'],
    ['file nofile', 'report'],
    ['file usr2', 'stay_away'],
    ['file term', 'leave'],
    ['term file', 'leave'],
    ['term file usr2', 'stay_away'],
    ['file term nofile', 'leave'],
    ['file term nofile usr2', 'report'],
  ])('%s: %s', (said, order) => {
    const orders = createOrders();
    for (const word of said.split(' ')) given[word]?.(orders);
    expect(orders.current()).toBe(order);
  });
});

test('the signal fires once when the order changes, and never for an earlier change', () => {
  const orders = createOrders();
  const first = orders.changed();
  orders.stayAway(false);
  expect(first.aborted).toBe(false);
  orders.stayAway(true);
  expect(first.aborted).toBe(true);
  const second = orders.changed();
  expect(second.aborted).toBe(false);
  orders.stayAway(true);
  expect(second.aborted).toBe(false);
  orders.leave();
  expect(second.aborted).toBe(true);
});

test('cancelLeave returns whether there was an order to cancel', () => {
  const orders = createOrders();
  orders.stayAway(true);
  expect(orders.cancelLeave()).toBe(false);
  orders.leave();
  expect(orders.cancelLeave()).toBe(true);
  expect(orders.cancelLeave()).toBe(false);
});
