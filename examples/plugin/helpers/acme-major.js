// @ts-check
import { BadArgument, defineHelper } from 'xrun/helper';

export const acmeMajor = defineHelper({
  name: 'acmeMajor',
  args: 'version',
  summary: 'The first number of a version.',
  example: { template: '{{acmeMajor "1.4.2"}}', result: 1 },
  run([version]) {
    const [, major] = /^v?(\d+)\./.exec(String(version)) ?? [];
    if (major === undefined) throw new BadArgument(`wants a version such as 1.4.2, found ${JSON.stringify(version)}`);
    return Number(major);
  },
});
