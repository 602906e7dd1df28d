import { callbackify } from 'node:util';
import { Redis, type Cluster } from 'ioredis';
import { guardReplies } from './guard-replies.ts';
import { slotsFrom } from './slots.ts';

/** Checks the replies on all connections that the client of a cluster opens: to its nodes, and to read the slots. */
export function guardCluster(cluster: Cluster): void {
  cluster.on('+node', guardNode);
}

function guardNode(node: Redis): void {
  guardReplies(node);
  // ioredis reads the slots on a second connection to the node.
  node.duplicate = (override) => {
    const copy = Redis.prototype.duplicate.call(node, override);
    guardReplies(copy);
    // ioredis passes a callback.
    const cluster = callbackify(async (subcommand: string) => slotsFrom(await copy.call('cluster', subcommand)));
    return Object.assign(copy, { cluster });
  };
  // ioredis sends ASKING before a redirected command, and ignores the result. If the node is away, the command itself fails.
  const asking = node.asking.bind(node);
  node.asking = (...callback) => {
    const reply = asking(...callback);
    reply.catch(() => undefined);
    return reply;
  };
}
