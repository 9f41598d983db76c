// The engine's door.
export { createRun, processNames, readSchedule, runToEnd, type Metrics, type Run, type RunOptions, type RunResult } from './run.ts';
export { readScenario, SCENARIO, SCHEMA_VERSION, type Scenario, type Universe } from './contract/scenario.ts';
export { SCENARIOS, scenarioById } from './scenarios/catalogue.ts';
export { type TraceChunk } from './kernel/trace.ts';
export { TraceStore, toNdjson } from './kernel/traceStore.ts';
export { ENGINE_VERSION } from './version.ts';
