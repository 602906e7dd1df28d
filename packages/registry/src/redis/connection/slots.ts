import { badReply } from '../replies.ts';

/** https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec, key distribution model */
export const slotCount = 16_384;

/**
 * Checks the reply to CLUSTER SLOTS before ioredis reads it: ranges, each with its first and last slot and its nodes. ioredis would take any
 * range, and would end the process after a null.
 *
 * @throws RegistryError `bad_reply`
 */
export function slotsFrom(reply: unknown): unknown {
  if (!Array.isArray(reply)) throw badReply('expected a list of slots from CLUSTER SLOTS');
  let slots = 0;
  for (const range of reply) {
    slots += lengthOf(range);
    if (slots > slotCount) throw badReply(`expected at most ${slotCount} slots from CLUSTER SLOTS`);
  }
  return reply;
}

function lengthOf(range: unknown): number {
  const [first, last, ...nodes]: unknown[] = Array.isArray(range) ? range : [];
  if (!isWholeNumber(first, slotCount - 1) || !isWholeNumber(last, slotCount - 1) || first > last) {
    throw badReply('expected the first and the last slot of each range from CLUSTER SLOTS');
  }
  if (!nodes.every((node) => isNode(node)))
    throw badReply('expected the host and the port of each node from CLUSTER SLOTS');
  return last - first + 1;
}

/** The host is null if the node does not know its own address. */
function isNode(node: unknown): boolean {
  if (!Array.isArray(node)) return false;
  const [host, port]: unknown[] = node;
  return (host === null || typeof host === 'string') && isWholeNumber(port, 65_535);
}

function isWholeNumber(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
}
