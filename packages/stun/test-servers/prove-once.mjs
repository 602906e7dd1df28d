// Runs one proof with the built package and prints its result as JSON, so that a test can run it in another network namespace.
// Argument: {"how": "beside" | "outside", "server": …, "credentials": …, "options": …}
import { proveRelay, proveRelayFromOutside, StunError } from '../dist/index.js';

const { how, server, credentials, options } = JSON.parse(process.argv[2] ?? '{}');
const prove = how === 'outside' ? proveRelayFromOutside : proveRelay;

async function result() {
  try {
    const { relay } = await prove(server, credentials, options);
    return relay.ok ? 'relayed' : relay.error.fault;
  } catch (error) {
    if (error instanceof StunError) return error.fault;
    throw error;
  }
}
process.stdout.write(await result());
