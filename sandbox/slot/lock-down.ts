/**
 * Takes from this process what neither it nor a component needs. The permission flags are what denies files, network,
 * processes, threads, addons and the inspector; this is for code that escaped its realm nevertheless: it finds no way
 * to further modules or to signals, and built-in prototypes that cannot be changed.
 */
export function lockDown(): void {
  // The program has been read by now; from here on there is no file that may be.
  process.permission.drop('fs.read');
  for (const name of UNNEEDED_GLOBALS) Reflect.deleteProperty(globalThis, name);
  for (const name of Reflect.ownKeys(process)) {
    if (typeof name === 'string' && !NEEDED_OF_PROCESS.has(name) && isOpen(process, name))
      Object.defineProperty(process, name, { value: undefined });
  }
  for (const intrinsic of INTRINSICS) Object.freeze(intrinsic);
}

/** Whatever can fetch, load, measure or talk. */
const UNNEEDED_GLOBALS = [
  'fetch',
  'WebSocket',
  'EventSource',
  'BroadcastChannel',
  'MessageChannel',
  'MessagePort',
  'Request',
  'Response',
  'Headers',
  'FormData',
  'Storage',
  'localStorage',
  'sessionStorage',
  'navigator',
  'performance',
  'crypto',
  'CryptoKey',
  'SubtleCrypto',
  'Blob',
  'File',
  'URL',
  'URLPattern',
  'SharedArrayBuffer',
  'eval',
];

/** What Node itself uses while it runs timers, promises and pipes. Names with an underscore are its own. */
const NEEDED_OF_PROCESS = new Set([
  'version',
  'versions',
  'arch',
  'platform',
  'release',
  'nextTick',
  'emitWarning',
  'exitCode',
  'exit',
  'reallyExit',
  'env',
  'argv',
  'execArgv',
  'execPath',
  'pid',
  'domain',
  '_exiting',
  '_events',
  '_eventsCount',
  '_maxListeners',
  '_tickCallback',
  '_fatalException',
  'features',
  'permission',
  'stderr',
  'moduleLoadList',
]);

const isOpen = (holder: object, name: string): boolean =>
  Object.getOwnPropertyDescriptor(holder, name)?.configurable === true;

/** Those that any object of this realm leads to, and those that report errors. */
const INTRINSICS = [
  Object,
  Object.prototype,
  Function,
  Function.prototype,
  Array,
  Array.prototype,
  Promise,
  Promise.prototype,
  Error,
  RangeError,
  TypeError,
  Reflect,
  JSON,
  Uint8Array.prototype,
  Object.getPrototypeOf(Uint8Array.prototype),
  ArrayBuffer.prototype,
];
