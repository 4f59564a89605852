export { createOrchestratorClient, type OrchestratorClient } from './client.ts';
export type { Refusal } from './refusal.ts';
export { createOrchestrator, type Door, type Orchestrator } from './server.ts';
export { createToken, fitsToken, hashToken } from './token.ts';
export type { Admit, Visitor, WorkPort } from './work-port.ts';
