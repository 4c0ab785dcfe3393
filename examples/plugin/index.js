// What the package defines; xrun finds it by `plugins: [xrun-acme]` in a project's configuration.
export { acmeMajor } from './helpers/acme-major.js';
export { acmeRelease } from './modules/acme-release.js';
export { dots } from './reporters/dots.js';
