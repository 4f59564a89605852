import { slotProgram } from '../sandbox/pool/slot-program.ts';

/** So that the first tool call of a checkout does not have to do it. */
slotProgram();
