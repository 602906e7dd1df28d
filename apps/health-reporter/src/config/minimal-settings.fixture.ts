import type { Environment } from '@turn-router/settings';

export const secret = 'kJ8-first-north-secret';
export const node = { REGION: 'eu-central-1', NODE_ID: 'node-01', PUBLIC_IP: '192.0.2.50' };

/** The minimal settings of one node. */
export const minimal: Environment = {
  ...node,
  TURN_SECRET: secret,
  REDIS_URL: 'redis://127.0.0.1:6379',
};
