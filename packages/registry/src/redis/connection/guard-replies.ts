import type { Redis } from 'ioredis';
import { badReply } from '../replies.ts';
import { createReplyScanner, type ReplyLimits } from './reply-scanner.ts';

/** The largest reply, bytes. The largest valid reply is a hash with 10 000 long revocations: 24 MiB. */
export const replyMaxBytes = 32 * 1024 * 1024;

/** A hash has at most 10 000 entries, and an array of SCAN about 512 keys. */
const limits: ReplyLimits = { bytesMax: replyMaxBytes, elementsMax: 50_000, depthMax: 8 };

/** The replies on a connection with a subscription: to its setup and to SUBSCRIBE, then messages. */
const subscriptionLimits: ReplyLimits = {
  bytesMax: 4_096,
  elementsMax: 3,
  depthMax: 1,
  shapes: new Set(['+', '-', '*$$:', '*$$$']),
};

/**
 * Checks all replies of a server before ioredis parses them. ioredis would allocate any length that a header announces, and a reply that no
 * command waits for can end the process. After a bad reply, the waiting commands fail and the client connects again.
 */
export function guardReplies(redis: Redis): void {
  guard(redis, limits, (ended) => ended <= redis.commandQueue.length);
}

/** Checks the messages of a subscription, too. They answer no command. */
export function guardSubscription(redis: Redis): void {
  guard(redis, subscriptionLimits, () => true);
}

/** @param isExpected whether the server may send this number of replies now */
function guard(redis: Redis, replyLimits: ReplyLimits, isExpected: (ended: number) => boolean): void {
  redis.on('connect', () => {
    const { stream } = redis;
    const scanner = createReplyScanner(replyLimits);
    // ioredis has just added its parser, in front of all other listeners.
    const [parse] = stream.listeners('data');
    if (!isListener(parse)) return;
    stream.off('data', parse);
    stream.prependListener('data', (chunk: Buffer) => {
      if (stream.destroyed) return;
      try {
        if (!isExpected(scanner.scan(chunk))) throw new RangeError('a reply answers no command');
      } catch (cause) {
        const error = badReply(cause instanceof RangeError ? cause.message : 'a reply is not valid');
        redis.recoverFromFatalError(error, error, { offlineQueue: false });
        stream.destroy();
        return;
      }
      parse.call(stream, chunk);
    });
  });
}

function isListener(listener: unknown): listener is (chunk: Buffer) => void {
  return typeof listener === 'function';
}
