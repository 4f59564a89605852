/**
 * What running costs, in units of fuel. An instruction that does something is one unit; marks that only give code its
 * shape are none. What takes longer is charged by its size, so that a unit, around 1 ns in ordinary code, stays below
 * some 10 ns of one core whatever a module does. The times in brackets were measured on Node 26.10.
 */

/** Bytes that `memory.fill`, `memory.copy` and `memory.init` move for one unit: 2^3 (0.1-0.2 ns each unit). */
export const BYTES_PER_UNIT_LOG2 = 3;

/** Units for each element that a table operation touches: 2^5 (functions 22 ns, others 3-7 ns). */
export const UNITS_PER_ELEMENT_LOG2 = 5;

/** Units for each page a memory grows by: 2^10 (its first touch is paid as well: 16 page faults). */
export const UNITS_PER_PAGE_LOG2 = 10;

/** An instruction that moves many values or elements, even where there are none (up to 21 ns). */
export const BULK = 16;

/** Growing a memory or a table, even by nothing or in vain (10-40 ns, far more where it comes off). */
export const GROW = 1000;

/** Storing into a table (functions 29 ns). */
export const TABLE_SET = 32;

/** Calling what another module or the host provides (30-60 ns), apart from what it does. The host charges for that. */
export const IMPORTED_CALL = 20;

/** Raising an exception (100-130 ns), apart from what it carries and from unwinding (42 ns a frame). */
export const THROW = 200;

/** Units for each value that an exception carries (3.2 ns; at most four of them, see `tags.ts`). */
export const THROWN_VALUE = 4;

/** Values that a branch, a call or a block moves for one unit: 1,000 values at a branch take 222 ns. */
const VALUES_PER_UNIT = 4;

export const valuesCost = (count: number): number => Math.floor(count / VALUES_PER_UNIT);
