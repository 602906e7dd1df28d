import { plainRealm } from '@turn-router/registry';
import { turnNodeSettings, type SettingValues } from '@turn-router/settings';
import type { FieldFault } from '@turn-router/contract/http';

/** The settings that determine the realm of a node's TURN server. */
export const realmSettings = {
  TURN_REALM: turnNodeSettings.TURN_REALM,
  TURN_HOSTNAME: turnNodeSettings.TURN_HOSTNAME,
} as const;

type Values = Partial<SettingValues<typeof realmSettings>>;

const defaultRealm = 'turn-router';

export function realmFrom({ TURN_REALM, TURN_HOSTNAME }: Values): string {
  return TURN_REALM ?? TURN_HOSTNAME ?? defaultRealm;
}

/** A TURN server's configuration and an ACL rule of Redis contain the realm. So it must have no special characters. */
export function findRealmFault({ TURN_REALM }: Values): FieldFault[] {
  if (TURN_REALM === undefined || plainRealm.test(TURN_REALM)) return [];
  const detail = 'Not usable in a TURN server configuration: expected only letters, digits, ".", "_" and "-"';
  return [{ field: 'TURN_REALM', detail }];
}
