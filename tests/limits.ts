/** Programs that tests wait for while their process is blocked, out of reach of Vitest's limits, are killed after ten minutes. */
import child_process, { type SpawnSyncOptions } from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

type Waits = (...args: unknown[]) => unknown;

const limits: SpawnSyncOptions = { timeout: 600_000, killSignal: 'SIGKILL' };
const functions = child_process as unknown as Record<string, Waits>;

for (const name of ['spawnSync', 'execFileSync', 'execSync']) {
  const waits = functions[name]!;
  functions[name] = (...args) => {
    const last = args.at(-1);
    const given = typeof last === 'object' && last !== null && !Array.isArray(last);
    return waits(...(given ? args.slice(0, -1) : args), { ...limits, ...(given ? last : {}) });
  };
}
syncBuiltinESMExports();
