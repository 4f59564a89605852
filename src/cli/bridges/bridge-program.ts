import type { JsonObject } from '../../core/json.ts';
import type { WorkEventPost } from '../../core/orchestrator.ts';

/** A foreign program that works on a job, as the bridge sees it. */
export interface BridgeProgram {
  /** As people know it: `claude`. */
  readonly name: string;
  /**
   * Says something to it and resolves when it has come to an end with that. Never rejects; where the signal is aborted
   * it is ended.
   *
   * @param session what it calls what it did so far; null: nothing
   */
  turn(words: string, session: string | null, tell: Tell, signal: AbortSignal): Promise<ProgramEnd>;
  close(): Promise<void>;
}

export interface ProgramEnd {
  readonly outcome: 'answered' | 'limited' | 'failed';
  /** Its last words, or why there are none. */
  readonly text: string;
}

/** What a program is asked to do, and what it has to do it with. */
export interface ProgramSetting {
  readonly workspace: string;
  /** A folder of its own that outlives the container. */
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Passes on what a program does, in its order. Never rejects, and takes all in: the program is not held up by it. */
export interface Tell {
  event(type: WorkEventPost['type'], data: JsonObject): void;
  /** What the program calls its work from now on. */
  session(id: string): void;
}
