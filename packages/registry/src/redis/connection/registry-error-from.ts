import { RegistryError, type RegistryFault } from '../../registry-error.ts';

/** The first word of Redis' replies to what it refuses (redis/src/server.c, createSharedObjects; cluster.c). */
const faultsByReply: Readonly<Record<string, RegistryFault>> = {
  READONLY: 'readonly',
  LOADING: 'loading',
  OOM: 'out_of_memory',
  NOAUTH: 'no_auth',
  WRONGPASS: 'wrong_password',
  NOPERM: 'no_permission',
  CLUSTERDOWN: 'cluster_down',
  MOVED: 'cluster_down',
  ASK: 'cluster_down',
  TRYAGAIN: 'cluster_down',
  CROSSSLOT: 'cluster_down',
  MASTERDOWN: 'stale_role',
};

/** ioredis' errors without a code of the system, by their beginning. */
const clientErrors: readonly { begins: string; fault: RegistryFault; detail: string }[] = [
  { begins: 'Command timed out', fault: 'timeout', detail: 'no answer in time' },
  { begins: 'Socket timeout', fault: 'timeout', detail: 'no answer in time' },
  { begins: 'timeout', fault: 'timeout', detail: 'no answer in time' },
  { begins: 'All sentinels are unreachable', fault: 'connection', detail: 'no sentinel names a server' },
];

type ErrorLike = { name?: string; code?: string; message?: string; lastNodeError?: unknown };

/** Keeps of an error only its code: Redis' messages may quote commands, the system's name addresses. */
export function registryErrorFrom(cause: unknown): RegistryError {
  if (cause instanceof RegistryError) return cause;
  const { name, code, message = '', lastNodeError } = (cause ?? {}) as ErrorLike;
  // A cluster of which no node answers: the last one's reason.
  if (lastNodeError !== undefined && lastNodeError !== null) return registryErrorFrom(lastNodeError);
  const reply = name === 'ReplyError' ? /^[A-Z]+/.exec(message)?.[0] : quotedReply(message);
  if (reply !== undefined || name === 'ReplyError') {
    const word = reply ?? 'ERR';
    const fault = faultsByReply[word] ?? 'other';
    return new RegistryError('refused', `Redis refused the command: ${word}`, { cause, fault });
  }
  const known = clientErrors.find(({ begins }) => message.startsWith(begins));
  const fault = known?.fault ?? (code === 'ETIMEDOUT' ? 'timeout' : 'connection');
  const detail = known?.detail ?? code ?? 'the connection is closed';
  return new RegistryError('unavailable', `Redis is not available: ${detail}`, { cause, fault });
}

/** The reply in what ioredis says of a command sent on too often, or of sentinels that refuse it. */
function quotedReply(message: string): string | undefined {
  const word = /Last error: (?:ReplyError: )?([A-Z]+)\b/.exec(message)?.[1];
  return word !== undefined && word in faultsByReply ? word : undefined;
}
