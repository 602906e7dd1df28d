// Keeps V8's space for new objects at the 2 MiB that it begins with, where it would let it grow to 32: nearly all that a reporter makes is
// garbage a second later, and there is no hurry. To be imported first. V8 reads this flag whenever the space would grow, so that it may be
// set at run time; `node --v8-options` lists it.
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--semi-space-growth-factor=1');
