import { defineConfig } from 'vitest/config';
import { fastTmp } from './test/support/fast-tmp.ts';

const onTheLab = ['test/lab/**/*.test.ts', 'test/lab-tool/**/*.lab.test.ts'];
// What `npm test` leaves out, because another file is much like it; `npm run test:whole` runs it.
const onlyWhole = process.env.XRUN_TEST_LAB === 'whole' ? [] : ['test/lab/ovs-hub.test.ts'];
const faults = ['test/faults/**/*.test.ts'];
const nodes = ['test/nodes/**/*.test.ts'];
const withProcesses = ['test/**/*.sh.test.ts', 'test/ssh/**/*.test.ts'];
const env = fastTmp();

export default defineConfig({
  test: {
    experimental: { fsModuleCache: true }, // TypeScript is stripped once, not in every run
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...withProcesses, ...onTheLab, ...faults, ...nodes],
          testTimeout: 120_000, // a test ends in seconds, unless its machine has other things to do
          env,
          setupFiles: 'test/support/no-processes.ts',
          isolate: false, // half of the time would go into loading every module for every file
        },
      },
      {
        test: {
          name: 'sh',
          include: withProcesses,
          testTimeout: 180_000, // a test ends sooner by far, unless its machine has other things to do
          hookTimeout: 60_000,
          globalSetup: 'test/support/programs.ts',
          env,
          isolate: false,
        },
      },
      {
        test: {
          name: 'lab',
          include: onTheLab,
          exclude: onlyWhole,
          fileParallelism: false, // files share hosts, and hosts share this machine
          testTimeout: 300_000,
          hookTimeout: 900_000, // the first use of a release builds its image
          globalSetup: 'test/support/lab-end.ts',
        },
      },
      {
        test: {
          name: 'nodes',
          include: nodes,
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000, // programs of Node.js are fetched from npm
        },
      },
      {
        test: {
          name: 'faults',
          include: faults,
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 900_000,
          globalSetup: 'test/support/lab-end.ts',
        },
      },
    ],
  },
});
