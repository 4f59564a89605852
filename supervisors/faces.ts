import { type ChildSpec, supervisor } from '../src/runtime/index.ts';

/** Where people and programs come in. A face that fails never reaches the conversations behind it. */
export const faces = (children: readonly ChildSpec[]) =>
  supervisor({ strategy: 'one_for_one', intensity: 5, period: 30, children });
