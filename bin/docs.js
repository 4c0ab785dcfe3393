// Writes docs/modules.md from the modules. test/cli/docs.test.ts says when that is due.
import { writeFileSync } from 'node:fs';
import { modulesMarkdown } from '../runner/cli/module-markdown.ts';
import { moduleDocs } from '../runner/index.ts';

writeFileSync(new URL('../docs/modules.md', import.meta.url), modulesMarkdown(await moduleDocs()));
