/**
 * What to call a fault of the system in a log: its code, such as ECONNREFUSED, its cause's code, or its name, such as TimeoutError.
 * Never the message, which may name files and addresses. Asks for the fields and not for the class: Node's errors are made in
 * another realm than the code under test.
 */
export function faultName(fault: unknown): string {
  return textField(fault, 'code') ?? causeCode(fault) ?? textField(fault, 'name') ?? 'unknown fault';
}

function causeCode(fault: unknown): string | undefined {
  return typeof fault === 'object' && fault !== null && 'cause' in fault ? textField(fault.cause, 'code') : undefined;
}

function textField(value: unknown, field: 'code' | 'name'): string | undefined {
  if (typeof value !== 'object' || value === null || !(field in value)) return undefined;
  const text: unknown = Reflect.get(value, field);
  return typeof text === 'string' ? text : undefined;
}
