// Run by bin/build.js: does once what commands do, so that V8 has compiled it, and keeps the code.
import { PassThrough } from 'node:stream';
import { load } from './load.cjs';

const [bundle, cwd] = process.argv.slice(2);
const { cli, keepCode } = load(bundle);
const silent = () => new PassThrough().resume();
const io = {
  stdin: new PassThrough().end(),
  stdout: silent(),
  stderr: silent(),
  env: process.env,
  cwd,
  onInterrupt: () => () => undefined,
};

const playbooks = ['consul-cluster-store', 'ovs-gre', 'swarm-overlay'].map((name) => `playbooks/${name}.yml`);
await cli(['validate', ...playbooks, '-i', 'inventory/prod.yml'], io, '');
await cli(['exec', 'localhost', '-i', 'localhost,', '-e', 'xrun_connection=local', '--', 'true'], io, '');
keepCode();
process.exit();
