/**
 * Names a system fault for the log: its code, such as ECONNREFUSED, its cause's code, or its name, such as TimeoutError. It never uses
 * the message, which may name files and addresses. It checks the fields and not the class, since under test Node's errors come from
 * another realm.
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
