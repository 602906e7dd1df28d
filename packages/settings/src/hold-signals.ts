// While a program is loaded, SIGHUP and SIGUSR2 would end the process, and SIGUSR1 would open a debugger, which can read every secret. From here on
// they do nothing, until the program handles them. A reload during the start is not needed: a program reads its files later. Import this file
// first, and then the program dynamically, because static imports are loaded before the first of them runs.
for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) process.on(signal, () => undefined);
