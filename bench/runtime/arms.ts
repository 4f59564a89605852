import type { Arm } from './arm.ts';

/** Every arm, loaded only by the process that runs it: what an arm does not need must not take up memory there. */
export const ARMS = {
  'rally: XState machines': () => import('./rally-xstate.ts').then(({ machines }) => machines),
  'rally: XState logic': () => import('./rally-xstate.ts').then(({ customLogic }) => customLogic),
  'rally: supervised machines': () => import('./rally-supervised.ts').then(({ machines }) => machines),
  'rally: supervised fromTransition': () =>
    import('./rally-supervised.ts').then(({ transitions }) => transitions),
  'rally: supervised logic': () => import('./rally-supervised.ts').then(({ customLogic }) => customLogic),
  'rally: no longer watched': () =>
    import('./rally-watched.ts').then(({ noLongerWatched }) => noLongerWatched),
  'rally: watched': () => import('./rally-watched.ts').then(({ watched }) => watched),
  'rally: nact': () => import('./nact.ts').then(({ rally }) => rally),
  'rally: comedy': () => import('./comedy.ts').then(({ rally }) => rally),
  'rally: effect': () => import('./effect.ts').then(({ rally }) => rally),
  'turnover: supervised machine': () => import('./supervised.ts').then(({ turnover }) => turnover),
  'turnover: XState machine': () => import('./xstate.ts').then(({ turnover }) => turnover),
  'turnover: nact': () => import('./nact.ts').then(({ turnover }) => turnover),
  'turnover: comedy': () => import('./comedy.ts').then(({ turnover }) => turnover),
  'turnover: effect': () => import('./effect.ts').then(({ turnover }) => turnover),
  'scale: static children': () => import('./supervised.ts').then(({ scale }) => scale),
  'stop: actors with a timer': () => import('./supervised.ts').then(({ timers }) => timers),
  'crash: supervised machine': () => import('./crash.ts').then(({ crash }) => crash),
  'memory: supervised machine': () => import('./supervised.ts').then(({ memory }) => memory),
  'memory: XState machine': () => import('./xstate.ts').then(({ memory }) => memory),
  'memory: nact': () => import('./nact.ts').then(({ memory }) => memory),
  'memory: comedy': () => import('./comedy.ts').then(({ memory }) => memory),
  'memory: effect': () => import('./effect.ts').then(({ memory }) => memory),
} satisfies Record<string, () => Promise<Arm>>;

export type ArmName = keyof typeof ARMS;

export function isArmName(name: string | undefined): name is ArmName {
  return name !== undefined && Object.hasOwn(ARMS, name);
}
