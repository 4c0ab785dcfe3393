import children from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

/** In unit tests: starting a process fails. They are run all the time, and stay quick only while none of them waits for another program. */
const refuse = (...[what]: unknown[]): never => {
  throw new Error(`a unit test starts ${String(what)}: name its file *.sh.test.ts`);
};
for (const name of ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync'] as const)
  children[name] = refuse as never;
syncBuiltinESMExports();
