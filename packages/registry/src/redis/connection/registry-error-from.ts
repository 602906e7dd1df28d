import { RegistryError, type RegistryFault } from '../../registry-error.ts';

/** The first word of Redis' error replies (redis/src/server.c, createSharedObjects; cluster.c). */
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

/** ioredis' errors without a system error code, by the start of their message. */
const clientErrors: readonly { begins: string; fault: RegistryFault; detail: string }[] = [
  { begins: 'Command timed out', fault: 'timeout', detail: 'no answer in time' },
  { begins: 'Socket timeout', fault: 'timeout', detail: 'no answer in time' },
  { begins: 'timeout', fault: 'timeout', detail: 'no answer in time' },
  { begins: 'All sentinels are unreachable', fault: 'connection', detail: 'no sentinel returned a server address' },
];

type ErrorLike = { name?: string; code?: string; message?: string; lastNodeError?: unknown };

/** Converts an error to a RegistryError with only its code, since Redis' messages may quote commands and the system's contain addresses. */
export function registryErrorFrom(cause: unknown): RegistryError {
  if (cause instanceof RegistryError) return cause;
  const { name, code, message = '', lastNodeError } = (cause ?? {}) as ErrorLike;
  // No node of the cluster answers: use the error of the last one.
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

/** Extracts the reply from ioredis' message about too many redirections, or about sentinels that refuse a command. */
function quotedReply(message: string): string | undefined {
  const word = /Last error: (?:ReplyError: )?([A-Z]+)\b/.exec(message)?.[1];
  return word !== undefined && word in faultsByReply ? word : undefined;
}
