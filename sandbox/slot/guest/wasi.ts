import type { Bridge } from './bridge.ts';
import type { LineSink } from './lines.ts';
import { CALL_COST, type Meter } from './meter.ts';
import { BYTES_PER_UNIT, ioInterfaces } from './wasi-io.ts';

export interface WasiPorts {
  readonly bridge: Bridge;
  readonly meter: Meter;
  readonly stdout: LineSink;
  readonly stderr: LineSink;
}

type Interfaces = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The guest asked to end its process. It has none, so the call ends instead. */
export class GuestExit extends Error {}

/**
 * WASI 0.2 that grants nothing: clocks and randomness are real, output goes to the log, and there is no input, no
 * environment, no file and no socket. By the names of the interfaces without version.
 */
export function wasiInterfaces(ports: WasiPorts): Interfaces {
  const io = ioInterfaces(ports.meter);
  return {
    'wasi:io/error': io.error,
    'wasi:io/poll': io.poll,
    'wasi:io/streams': io.streams,
    ...cliInterfaces(ports, io),
    ...clockInterfaces(ports, io),
    ...randomInterfaces(ports),
    'wasi:filesystem/preopens': { getDirectories: () => [] },
    'wasi:filesystem/types': {
      Descriptor: class Descriptor {},
      DirectoryEntryStream: class DirectoryEntryStream {},
      filesystemErrorCode: () => undefined,
    },
  };
}

type Io = ReturnType<typeof ioInterfaces>;

function cliInterfaces({ stdout, stderr }: WasiPorts, { streams }: Io): Interfaces {
  return {
    'wasi:cli/environment': {
      getEnvironment: () => [],
      getArguments: () => [],
      initialCwd: () => undefined,
    },
    'wasi:cli/exit': { exit: endsCall, exitWithCode: endsCall },
    'wasi:cli/stdin': { getStdin: () => new streams.InputStream() },
    'wasi:cli/stdout': { getStdout: () => new streams.OutputStream(stdout) },
    'wasi:cli/stderr': { getStderr: () => new streams.OutputStream(stderr) },
    'wasi:cli/terminal-input': { TerminalInput: class TerminalInput {} },
    'wasi:cli/terminal-output': { TerminalOutput: class TerminalOutput {} },
    'wasi:cli/terminal-stdin': { getTerminalStdin: () => undefined },
    'wasi:cli/terminal-stdout': { getTerminalStdout: () => undefined },
    'wasi:cli/terminal-stderr': { getTerminalStderr: () => undefined },
  };
}

function endsCall(): never {
  throw new GuestExit('The guest ended itself (exit) instead of returning.');
}

const NANOSECONDS = 1_000_000;

function clockInterfaces({ bridge, meter }: WasiPorts, { poll }: Io): Interfaces {
  const subscribe = () => new poll.Pollable();
  const charged = <T>(read: () => T) => {
    return (): T => {
      meter.charge(CALL_COST);
      return read();
    };
  };
  return {
    'wasi:clocks/monotonic-clock': {
      now: charged(bridge.nanoseconds),
      resolution: () => 1_000n,
      subscribeInstant: subscribe,
      subscribeDuration: subscribe,
    },
    'wasi:clocks/wall-clock': {
      now: charged(() => wallTime(Date.now())),
      resolution: () => ({ seconds: 0n, nanoseconds: NANOSECONDS }),
    },
  };
}

const wallTime = (milliseconds: number) => ({
  seconds: BigInt(Math.floor(milliseconds / 1000)),
  nanoseconds: (milliseconds % 1000) * NANOSECONDS,
});

/** The most that is given at once, in bytes; no guest has more memory than this. */
const MAX_RANDOM = 16 * 1024 * 1024;
const RANDOM_STEP = 65_536;

function randomInterfaces({ bridge, meter }: WasiPorts): Interfaces {
  const bytes = (length: bigint): Uint8Array => {
    if (length > MAX_RANDOM)
      throw new RangeError('The guest asked for more random bytes than it has memory.');
    const room = new Uint8Array(Number(length));
    meter.charge(CALL_COST + room.length / BYTES_PER_UNIT);
    for (let at = 0; at < room.length; at += RANDOM_STEP) bridge.random(room.subarray(at, at + RANDOM_STEP));
    return room;
  };
  const u64 = (): bigint => new DataView(bytes(8n).buffer).getBigUint64(0);
  return {
    'wasi:random/random': { getRandomBytes: bytes, getRandomU64: u64 },
    'wasi:random/insecure': { getInsecureRandomBytes: bytes, getInsecureRandomU64: u64 },
    'wasi:random/insecure-seed': { insecureSeed: () => [u64(), u64()] },
  };
}
