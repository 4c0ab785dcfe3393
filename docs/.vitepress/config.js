// The site: `npm run docs:site` builds it into .vitepress/dist from the pages as they are, those outside of docs/ too.
import { defineConfig } from 'vitepress';

/** A part of the side bar: titles with the names of their pages below docs/. */
const pages = (text, ...items) => ({
  text,
  items: items.map(([title, link]) => ({ text: title, link: link.startsWith('/') ? link : `/docs/${link}` })),
});

export default defineConfig({
  title: 'xrun',
  description: 'An agentless automation runner over SSH',
  srcDir: '..', // links lead out of docs/: to the changelog, to examples
  srcExclude: ['test/**', 'dist/**', 'shared/**', 'node_modules/**', '.*/**'],
  cacheDir: '../node_modules/.vitepress',
  rewrites: { 'README.md': 'index.md' },
  ignoreDeadLinks: true, // test/cli/docs.test.ts checks links, those to files that are no pages too
  markdown: {
    html: false, // <NAME> in a page is text
    config: (md) =>
      md.core.ruler.before(
        'normalize',
        'comments',
        (state) => void (state.src = state.src.replaceAll(/<!--.*?-->\n?/gs, '')),
      ),
  },
  vue: { template: { compilerOptions: { delimiters: ['{%%', '%%}'] } } }, // {{ }} is xrun's, not Vue's
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Tutorial', link: '/docs/tutorial/first-ten-minutes' },
      { text: 'Modules', link: '/docs/modules' },
      { text: 'Changes', link: '/CHANGELOG' },
    ],
    sidebar: [
      pages(
        'Tutorial',
        ['Your first ten minutes', 'tutorial/first-ten-minutes'],
        ['Three hosts, one swarm', 'tutorial/three-hosts-one-swarm'],
      ),
      pages(
        'How to',
        ['Install', 'install'],
        ['Configure a project', 'configuration'],
        ['Come from Ansible', 'from-ansible'],
        ['Move an Ansible project', 'migrate'],
        ['Choose a network', 'choosing-a-network'],
        ['Find out why a path fails', 'diagnosing'],
        ['Change a network under guard', 'guarded'],
        ['Write modules and helpers', 'plugins'],
        ['Set up an editor', 'editors'],
        ['Run it in CI', '/examples/ci/README'],
        ['Run it on several controllers', '/examples/distributed/README'],
      ),
      pages(
        'Concepts',
        ['Variables and inventories', 'variables'],
        ['What xrun trusts', 'security'],
        ['Architecture', 'architecture'],
      ),
      pages(
        'Reference',
        ['Command line', 'cli'],
        ['Keywords', 'keywords'],
        ['Modules', 'modules'],
        ['Templates and helpers', 'templates'],
        ['Facts', 'facts'],
        ['Errors', 'errors'],
        ['Events', 'events'],
      ),
      pages(
        'Evidence',
        ['Performance', 'performance'],
        ['How performance was measured', 'evidence/performance'],
        ['Guarded changes', 'evidence/guarded'],
        ['Lost hosts', 'evidence/lost-hosts'],
      ),
    ],
  },
});
