/**
 * Returns the name of a system error for the log: its code, such as ECONNREFUSED, or the code of its cause, or its name, such as
 * TimeoutError. The function never returns the message, because the message may contain files and addresses. It checks the fields and not the
 * class, because in tests Node's errors are of another JavaScript realm.
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
