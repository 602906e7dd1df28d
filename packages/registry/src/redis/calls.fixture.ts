import { eventually } from '@turn-router/testing';
import type { NodeRegistry } from '../nodes/node-registry.ts';
import { RegistryError, type RegistryFault } from '../registry-error.ts';

export const report = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 } as const;
export const frankfurt = { region: 'eu-central-1', id: 'node-01' };

/** Returns the fault of a failed call; undefined when the call succeeds. */
export async function faultOf(call: Promise<unknown>): Promise<RegistryFault | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof RegistryError) return error.fault;
    throw error;
  }
}

/** Repeats a call until it ends with this fault, or successfully. @returns the time it took, ms */
export async function timeUntil(fault: RegistryFault | undefined, call: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await eventually(fault ?? 'success', async () => (await faultOf(call())) === fault, { everyMs: 20 });
  return performance.now() - startMs;
}

export const read = (registry: NodeRegistry) => () => registry.readAll();
export const write = (registry: NodeRegistry) => () => registry.put(frankfurt, report, 60_000);
