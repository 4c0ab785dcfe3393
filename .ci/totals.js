// Usage: node totals.js RESULTS.json STATUS - prints "N passed, N failed" of vitest's JSON report.
import { readFileSync } from 'node:fs';

const [file, status] = process.argv.slice(2);
let passed = 0;
let failed = 0;
try {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  passed = report.numPassedTests;
  // A file that could not even be loaded has no tests to count.
  const broken = report.testResults.filter((suite) => suite.status === 'failed' && !suite.assertionResults.some((test) => test.status === 'failed'));
  failed = report.numFailedTests + broken.length;
} catch {
  console.log('the tests left no report');
}
// Whatever else made the run fail, tests that were not run included, is a failure too.
if (status !== '0' && failed === 0) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
