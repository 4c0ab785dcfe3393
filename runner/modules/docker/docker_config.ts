import { defineModule } from '../../model/module.ts';
import { reaching } from './api/reach.ts';
import type { Trouble } from './api/reach.ts';
import { contentArgs, decideContent, parseContent, probeContent } from './content/content.ts';
import type { ContentState } from './content/content.ts';

export default defineModule<typeof contentArgs, ContentState | Trouble>({
  name: 'docker_config',
  summary: 'Manage a config of a Docker swarm',
  notes: [
    'Run it on a manager. The content goes to Docker on stdin.',
    'Docker changes no config: another content makes it anew, which Docker refuses while a service uses it. Give a new one another name then.',
  ],
  examples: `
- docker_config: {name: shop_config, data: '{{ shop_config }}'}
`,
  returns: { config_id: "Docker's id of it.", config_name: 'Its name, with a version where that rolls.' },
  args: contentArgs,
  resource: ({ name }) => `docker_config:${name}`,
  probeMayFail: true,
  probe: ({ name }) => probeContent('config', name),
  parse: parseContent,
  decide: reaching(
    () => ({}),
    (args, state) => decideContent('config', args, state),
  ),
  traits: { effects: 'cluster' },
});
