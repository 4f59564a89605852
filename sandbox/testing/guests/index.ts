export { type BareInstance, type HostFunctions, instantiateBare } from './bare-instance.ts';
export { buildRustGuest, findRustCompiler } from './rust-guest.ts';
export { buildWat, buildWatGuest, type WatGuest } from './wat-guest.ts';
