// Has V8 collect garbage sooner than it would on a machine with much memory, where it lets some 20 MB that are in use grow to 100. Answers leave
// little behind, so that this costs no throughput that could be measured. To be imported first: both flags are read at each collection, and
// what loading the program leaves behind is much of what would stay. `node --v8-options` lists them.
import { setFlagsFromString } from 'node:v8';

// New objects keep the 2 MB that they start with, instead of 32.
setFlagsFromString('--semi-space-growth-factor=1');
// The rest may grow by this part of what was in use at the last collection, instead of threefold.
setFlagsFromString('--heap-growing-percent=30');
