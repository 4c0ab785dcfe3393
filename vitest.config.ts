import { defineConfig } from 'vitest/config';
import { fastTmp } from './test/support/fast-tmp.ts';

const onTheLab = ['test/lab/**/*.test.ts', 'test/lab-tool/**/*.lab.test.ts'];
const overSsh = ['test/ssh/**/*.test.ts'];
const env = fastTmp();

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [...overSsh, ...onTheLab], testTimeout: 30_000, env } },
      { test: { name: 'ssh', include: overSsh, testTimeout: 60_000, env } },
      {
        test: {
          name: 'lab',
          include: onTheLab,
          fileParallelism: false, // files share hosts, and hosts share this machine
          testTimeout: 300_000,
          hookTimeout: 900_000, // the first use of a release builds its image
          globalSetup: 'test/support/lab-end.ts',
        },
      },
    ],
  },
});
