import { isOlderCoturn, type CoturnVersion } from '@turn-router/stun';
import { InvalidArgumentError } from 'commander';

/** Parses `4.6.1` or `4.6`. @throws InvalidArgumentError */
export function parseCoturnVersion(text: string): CoturnVersion {
  const [, major, minor, patch = '0'] = /^(\d+)\.(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const version = [Number(major), Number(minor), Number(patch)] as const;
  if (major === undefined || isOlderCoturn(version, [4, 6, 0])) {
    throw new InvalidArgumentError('Expected version 4.6 or later, such as 4.6.1.');
  }
  return version;
}
