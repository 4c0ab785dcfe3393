// Usage: node bin/release-notes.js VERSION - prints the section of CHANGELOG.md about a version. Fails where there is none, or
// where package.json has another version: a tag is a promise about both.
import { readFileSync } from 'node:fs';

const [wanted = ''] = process.argv.slice(2);
const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const { version } = JSON.parse(read('package.json'));
const section = read('CHANGELOG.md')
  .split(/^(?=## \[)/m)
  .find((each) => each.startsWith(`## [${wanted}]`));

if (version !== wanted) fail(`package.json has version ${version}, expected ${wanted}`);
else if (section === undefined) fail(`CHANGELOG.md has no section '## [${wanted}]'`);
else console.log(section.slice(section.indexOf('\n') + 1).trim());

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}
