import type { Result } from '../core/result.ts';

/** Where tools from outside are installed and removed, as with `ironbark tool`. Errors are sentences for a person. */
export interface ToolInstaller {
  /**
   * Checks the tool at this absolute path (a component, a tool in JavaScript, or a folder with `tool.js`) and has it say
   * what it is, granting it nothing. Takes seconds where it must be built first.
   */
  read(path: string): Promise<Result<GivenTool, string>>;
  /** Installs it with all that it asks for, where it still is what `read` gave; the same again changes nothing. */
  install(path: string, print: string): Promise<Result<GivenTool, string>>;
  /** Removes an installed tool, and what was approved of it. */
  remove(name: string): Promise<Result<void, string>>;
  /** Which secrets an installed tool takes. */
  needs(name: string): Promise<Result<readonly NeededSecret[], string>>;
}

export interface GivenTool {
  readonly name: string;
  readonly version: string | undefined;
  readonly description: string;
  /** What it asks to be allowed to do, in words. */
  readonly asks: readonly string[];
  /** Of its code and of what it asks for: another print is another tool. */
  readonly print: string;
  /** Whether it would take the place of an installed tool. */
  readonly replaces: boolean;
}

export interface NeededSecret {
  readonly name: string;
  readonly isSet: boolean;
  readonly optional: boolean;
  /** What its author says of how to get it. */
  readonly advice: string | undefined;
  /** How the user sets it. */
  readonly help: string;
}
