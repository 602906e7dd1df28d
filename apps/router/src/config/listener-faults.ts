import type { FieldFault } from '@turn-router/contract/http';

/** The address of a listener, and its setting. If `host` is undefined: every address of the machine. */
type Address = { readonly field: string; readonly host: string | undefined; readonly port: number | undefined };

type Values = {
  readonly HOST?: string | undefined;
  readonly PORT?: number | undefined;
  readonly ADMIN_HOST?: string | undefined;
  readonly ADMIN_PORT?: number | undefined;
  readonly PEERS?: unknown;
  readonly PEER_HOST?: string | undefined;
  readonly PEER_PORT?: number | undefined;
};

const everyAddress = [undefined, '::', '0.0.0.0'];

/** Finds listeners that would need the same port of the same address. Only one of them could bind it. */
export function findListenerFaults(values: Values): FieldFault[] {
  const listeners: Address[] = [
    { field: 'PORT', host: values.HOST, port: values.PORT },
    { field: 'ADMIN_PORT', host: values.ADMIN_HOST, port: values.ADMIN_PORT },
    ...(values.PEERS === undefined ? [] : [{ field: 'PEER_PORT', host: values.PEER_HOST, port: values.PEER_PORT }]),
  ];
  return listeners.flatMap((one, index) => {
    const other = listeners.slice(0, index).find((earlier) => collide(one, earlier));
    return other === undefined ? [] : [{ field: one.field, detail: `Equals ${other.field}: expected another port` }];
  });
}

function collide(one: Address, other: Address): boolean {
  // Port 0 is any free port.
  if (one.port !== other.port || one.port === undefined || one.port === 0) return false;
  return one.host === other.host || everyAddress.includes(one.host) || everyAddress.includes(other.host);
}
