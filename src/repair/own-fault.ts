import type { AuditRecord } from '../core/audit.ts';

/**
 * How a tool from outside fails by its own fault. What the host refused it, what was wrong with the arguments and what
 * befell the sandbox is not among it.
 */
const OWN_FAULTS = /^(?:trap-.+|deadline|guest-error|guest-response)$/;

/** What a call's own audit lines say of its failure, where that was the tool's fault. */
export function ownFault(tool: string, told: readonly AuditRecord[]): string | undefined {
  const end = told.findLast((line) => line.kind === 'tool.failed' && line.tool === tool);
  return end?.rule !== undefined && OWN_FAULTS.test(end.rule) ? end.message : undefined;
}
