import { Redis, SentinelConnector } from 'ioredis';
import { guardReplies } from '../connection/guard-replies.ts';

/** The method that opens a connection to a sentinel. ioredis calls it private, and offers no other way to this connection. */
const method = 'connectToSentinel';

/** ioredis' search for the server that the sentinels name. The replies of the sentinels are checked, too. */
export class GuardedSentinelConnector extends SentinelConnector {
  constructor(options: unknown) {
    super(Object(options));
    const connect: unknown = Reflect.get(this, method);
    if (typeof connect !== 'function') throw new Error(`expected ioredis to have the method ${method}`);
    Reflect.set(this, method, (...endpoint: unknown[]) => {
      const sentinel: unknown = Reflect.apply(connect, this, endpoint);
      if (!(sentinel instanceof Redis)) throw new Error(`expected ioredis to open a connection in ${method}`);
      guardReplies(sentinel);
      return sentinel;
    });
  }
}
